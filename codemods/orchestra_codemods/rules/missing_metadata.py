"""An orchestrator does not say its layer or its name, or not literally.

The constructor of BaseOrchestrator raises without them, and what is computed cannot be read from the source:
`orchestra list`, the layer checks and other people cannot know the name. A parameter with a literal default is
fine.

The fix adds what is missing: the name from the class name, the layer from the folder. It is unsafe because both are
guesses.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.change import Fix
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.hit import unsafe
from orchestra_codemods.syntax.orchestrators import LAYERS, Metadata, inherits_directly, is_marked, metadata
from orchestra_codemods.syntax.tasks import methods
from orchestra_codemods.unit import Case

CODE = "ORC002"
TOKENS = ((b"BaseOrchestrator",), (b"class ",))
NODES = (ast.ClassDef,)


def check(file: File, node: ast.ClassDef) -> Iterator[Hit]:
    """Look at what classes hand to the constructor of BaseOrchestrator."""
    if not inherits_directly(file, node) or _is_base_of_others(file, node):
        return
    given = metadata(node)
    if given is None:
        if "__init__" not in methods(node):
            yield Hit(node, f"`{node.name}` gives neither layer nor name: it needs an `__init__`")
        else:
            yield Hit(
                methods(node)["__init__"],
                f"`{node.name}.__init__` never calls `super().__init__(layer=…, name=…)`",
            )
        return
    missing = [name for name, value in (("layer", given.layer), ("name", given.name)) if value is None]
    if missing and not given.is_open and not _is_cut_short(given):
        yield Hit(
            given.call,
            f"`{node.name}` does not give its {' and '.join(missing)}",
            _fix(file, node, given, missing),
        )
    for what, value in (("layer", given.layer), ("name", given.name), ("type", given.type)):
        if value is not None and not _is_literal(value, methods(node)["__init__"]):
            yield Hit(
                value, f"the {what} of `{node.name}` cannot be read from the source: write it literally"
            )


def _is_base_of_others(file: File, cls: ast.ClassDef) -> bool:
    """An abstract class in between leaves the metadata to its subclasses."""
    abstract = any((file.dotted(base) or "").rpartition(".")[2] == "ABC" for base in cls.bases)
    return (
        abstract
        or cls.name.startswith("_")
        or any(is_marked(file, one, "abstractmethod") for one in methods(cls).values())
        or any(
            isinstance(one, ast.ClassDef)
            and any(isinstance(base, ast.Name) and base.id == cls.name for base in one.bases)
            for one in file.tree.body
        )
    )


def _is_cut_short(given: Metadata) -> bool:
    """``super().__init__(...)``, as the guide abbreviates it."""
    return any(isinstance(one, ast.Constant) and one.value is ... for one in given.call.args)


def _is_literal(value: ast.expr, constructor: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    if isinstance(value, ast.Constant | ast.Attribute):
        return not (
            isinstance(value, ast.Attribute)
            and isinstance(value.value, ast.Name)
            and value.value.id == "self"
        )
    if isinstance(value, ast.Name):
        arguments = constructor.args
        placed = [*arguments.posonlyargs, *arguments.args]
        defaults = dict(
            zip(
                [one.arg for one in placed[len(placed) - len(arguments.defaults) :]],
                arguments.defaults,
                strict=True,
            )
        )
        defaults |= {
            one.arg: default
            for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            if default
        }
        parameters = {one.arg for one in (*placed, *arguments.kwonlyargs)}
        return value.id.isupper() or (
            value.id in parameters and isinstance(defaults.get(value.id), ast.Constant | ast.Attribute)
        )
    return False


def _fix(file: File, cls: ast.ClassDef, given: Metadata, missing: list[str]) -> Fix | None:
    if "OrchestrationLayer" not in file.origins.names and "layer" in missing:
        return None
    folder = next((layer for layer in LAYERS if f"/{layer.lower()}/" in f"/{file.path}"), "DOMAIN")
    parts = {
        "layer": f"layer=OrchestrationLayer.{folder}",
        "name": f'name="{_snake(cls.name)}"',
    }
    text = ", ".join(parts[one] for one in missing)
    call = given.call
    if call.args or call.keywords:
        last = max(
            (*call.args, *(one.value for one in call.keywords)), key=lambda one: (one.lineno, one.col_offset)
        )
        return unsafe(file.insert(file.end(last), f", {text}"))
    return unsafe(file.insert(file.end(call) - 1, text))


def _snake(name: str) -> str:
    base = re.sub(r"(Orchestrator|Coordinator)\Z", "", name) or name
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", base).lower()


CASES = (
    Case(
        "no name",
        """from orchestra import BaseOrchestrator, OrchestrationLayer

class DailyReportOrchestrator(BaseOrchestrator):
    def __init__(self):
        super().__init__(layer=OrchestrationLayer.DOMAIN)
""",
        """from orchestra import BaseOrchestrator, OrchestrationLayer

class DailyReportOrchestrator(BaseOrchestrator):
    def __init__(self):
        super().__init__(layer=OrchestrationLayer.DOMAIN, name="daily_report")
""",
    ),
    Case(
        "no constructor at all",
        """from orchestra import BaseOrchestrator

class Report(BaseOrchestrator):
    async def orchestrate(self, context, **kwargs):
        return 1
""",
    ),
    Case(
        "a constructor that forgets the base",
        """from orchestra import BaseOrchestrator

class Report(BaseOrchestrator):
    def __init__(self, limit):
        self.limit = limit
""",
    ),
    Case(
        "computed",
        """from orchestra import BaseOrchestrator, OrchestrationLayer

class Report(BaseOrchestrator):
    def __init__(self, prefix):
        super().__init__(layer=OrchestrationLayer.DOMAIN, name=prefix + "report")
""",
    ),
)
CLEAN = (
    Case(
        "given by keyword or by position, or by a parameter with a literal default",
        """from orchestra import BaseOrchestrator, OrchestrationLayer, OrchestrationType

class Report(BaseOrchestrator):
    def __init__(self, name="report", *, layer=OrchestrationLayer.DOMAIN):
        super().__init__(layer, name, OrchestrationType.SEQUENTIAL)

class Other(BaseOrchestrator):
    def __init__(self):
        super().__init__(layer=OrchestrationLayer.DOMAIN, name="other")
""",
    ),
    Case(
        "an abstract class in between, and its subclass",
        """from abc import ABC
from orchestra import BaseOrchestrator, OrchestrationLayer

class Reports(BaseOrchestrator, ABC):
    def __init__(self, **metadata):
        super().__init__(**metadata)

class Daily(Reports):
    def __init__(self):
        super().__init__(layer=OrchestrationLayer.DOMAIN, name="daily")
""",
    ),
)
