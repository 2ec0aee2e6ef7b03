"""Nothing registers an orchestrator, and no discovery would find it.

`facade.orchestrate("name")` raises OrchestratorNotFoundError for it, `orchestra list` does not show it, and nobody
closes it. Register it in the wiring (`facade.register_factory("name", _name)`), or discover its package.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_codemods.syntax.collectors import DEFINITIONS, REGISTRATIONS
from orchestra_codemods.syntax.fact import Facts, Placed
from orchestra_codemods.unit import Case

CODE = "ORC009"
FACTS = (DEFINITIONS, REGISTRATIONS)


def judge(facts: Facts) -> Iterator[Placed]:
    """Compare definitions with everything that is registered, by class or by name."""
    registered = {fact.name for _, fact in facts.of(REGISTRATIONS)}
    packages = [fact.name for _, fact in facts.of(REGISTRATIONS) if fact.data["how"] == "discover"]
    if not registered and not facts.config.factories and facts.config.app is None:
        return  # a library of orchestrators: its users register them
    definitions = facts.of(DEFINITIONS)
    bases = {base for _, fact in definitions for base in fact.data.get("bases", "").split()}
    for path, fact in definitions:
        names = {fact.name, fact.data["name"]}
        if names & registered or fact.data["name"] in facts.config.factories or fact.data["abstract"]:
            continue
        module = f".{path.removesuffix('.py').replace('/', '.')}."
        if (
            any(f".{package}." in module for package in packages)
            or fact.name in bases
            or fact.name.startswith("_")
        ):
            continue
        yield Placed(
            path, fact, f"nothing registers `{fact.data['name'] or fact.name}`, and no discovery finds it"
        )


def _file(path: str, cls: str, name: str) -> str:
    return (
        f"# file: {path}\nfrom orchestra import BaseOrchestrator, OrchestrationLayer\n\nclass {cls}(BaseOrchestrator):\n"
        f"    def __init__(self):\n        super().__init__(layer=OrchestrationLayer.DOMAIN, name={name!r})\n"
    )


_DAILY, _WEEKLY = _file("src/pkg/daily.py", "Daily", "daily"), _file("src/pkg/weekly.py", "Weekly", "weekly")
_WIRING = """# file: src/pkg/wiring.py
def register_orchestrators(facade):
    facade.register_factory("daily", _daily)
"""
CASES = (Case("one of two", _DAILY + _WEEKLY + _WIRING),)
CLEAN = (
    Case("by name", _DAILY + _WIRING),
    Case(
        "by class, built there or before",
        _DAILY
        + _WEEKLY
        + "# file: src/main.py\nfrom pkg.daily import Daily\nfrom pkg.weekly import Weekly\n\nfacade.register(Daily())\nweekly = Weekly()\nfacade.register(weekly, replace=True)\n",
    ),
    Case("by discovery of its package", _DAILY + _WEEKLY + '# file: src/main.py\nfacade.discover("pkg")\n'),
    Case("a library, which registers nothing at all", _DAILY + _WEEKLY),
    Case(
        "an abstract one",
        "# file: src/base.py\nfrom abc import abstractmethod\nfrom orchestra import BaseOrchestrator\n\nclass Report(BaseOrchestrator):\n    @abstractmethod\n    async def report(self): ...\n"
        + _DAILY
        + _WIRING,
    ),
)
