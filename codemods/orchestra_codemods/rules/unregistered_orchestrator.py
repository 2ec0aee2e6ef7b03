"""Nothing registers an orchestrator, and no discovery would find it.

`facade.orchestrate("name")` raises OrchestratorNotFoundError for it, `orchestra list` does not show it, and nobody
closes it. Register it in the wiring (`facade.register_factory("name", _name)`), or discover its package.

The fix writes the factory and its registration into the one `register_orchestrators(facade)` of the project. It is
safe: a factory runs when its name is asked for, which nothing could do before. There is none where the class needs
arguments, or where its module builds it in a way of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestra_codemods import wiring
from orchestra_codemods.change import Addition, Fix, Safety
from orchestra_codemods.source import Source
from orchestra_codemods.syntax.collectors import DEFINITIONS, REGISTRATIONS
from orchestra_codemods.syntax.construction import construction
from orchestra_codemods.syntax.fact import Fact, Facts, Placed
from orchestra_codemods.syntax.places import module_of
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
        message = f"nothing registers `{fact.data['name'] or fact.name}`, and no discovery finds it"
        yield Placed(path, fact, message, _fix(facts, path, fact))


def _fix(facts: Facts, path: str, fact: Fact) -> Fix | None:
    name, place = fact.data["name"], _wiring(facts)
    made = construction(facts.read(path) or "", fact.name)
    if made is None or place is None or not f"_{name}".isidentifier() or not _is_free(place, name):
        return None
    text = wiring.factory_text(
        name, module_of(facts.config, path), [made.imported], [f"return {made.expression}"]
    )
    found = wiring.registration_edits(place, [wiring.Factory(name, text)])
    edits = tuple(Addition(one.start, one.end, one.text) for one in found)
    return Fix(edits, Safety.SAFE, place.path) if edits else None


def _wiring(facts: Facts) -> Source | None:
    """Return the one module with a registration function, among those that register and the usual one."""
    usual = f"{facts.config.package.replace('.', '/')}/orchestrators.py"
    paths = {path for path, _ in facts.of(REGISTRATIONS)}
    paths |= {path for path in facts.paths if f"/{path}".endswith(f"/{usual}")}
    found = [source for path in sorted(paths) if (source := _registry(facts, path)) is not None]
    return found[0] if len(found) == 1 else None


def _registry(facts: Facts, path: str) -> Source | None:
    source = facts.source(path)
    try:
        return source if source is not None and wiring.registry_of(source.text) is not None else None
    except (SyntaxError, ValueError, RecursionError):
        return None


def _is_free(place: Source, name: str) -> bool:
    """Tell whether the wiring has no other use for the factory's name."""
    return re.search(rf"\b_{name}\b", place.text) is None


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
_AFTER = """# file: src/pkg/wiring.py
def _weekly() -> object:
    from pkg.weekly import Weekly

    return Weekly()


def register_orchestrators(facade):
    facade.register_factory("daily", _daily)
    facade.register_factory("weekly", _weekly)
"""
_ACCESSOR = """
_weekly = None

def get_orchestrator(*, auto_create=False):
    global _weekly
    if _weekly is None and auto_create:
        _weekly = Weekly()
    return _weekly
"""
CASES = (
    Case("one of two", _DAILY + _WEEKLY + _WIRING, _DAILY + _WEEKLY + _AFTER),
    Case(
        "its module has the accessor of the templates",
        _DAILY + _WEEKLY + _ACCESSOR + _WIRING,
        _DAILY
        + _WEEKLY
        + _ACCESSOR
        + _AFTER.replace("import Weekly", "import get_orchestrator").replace(
            "Weekly()", "get_orchestrator(auto_create=True)"
        ),
    ),
    Case(
        "two of two",
        _WEEKLY + _file("src/pkg/yearly.py", "Yearly", "yearly") + _WIRING,
        _WEEKLY
        + _file("src/pkg/yearly.py", "Yearly", "yearly")
        + _AFTER.replace(
            "    return Weekly()\n\n\n",
            "    return Weekly()\n\n\ndef _yearly() -> object:\n    from pkg.yearly import Yearly\n\n    return Yearly()\n\n\n",
        )
        + '    facade.register_factory("yearly", _yearly)\n',
    ),
    Case("its module builds it", _DAILY + _WEEKLY + "\ndef shared():\n    return Weekly()\n" + _WIRING),
    Case("it needs an argument", _DAILY + _WEEKLY.replace("(self)", "(self, client)") + _WIRING),
    Case(
        "two places register",
        _DAILY + _WEEKLY + _WIRING + _WIRING.replace("pkg/wiring", "pkg/other"),
    ),
)
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
