"""An orchestrator imports and builds its dependencies in `__init__`.

Building the orchestrator then loads models, opens connections and runs into import cycles, in tests too, and
also when the dependency is never used. Declare it with `lazy("my_app.router:get_router")`: loaded on first use,
replaceable in tests.

The fix does so for `self.x = build()` and `self.x = given or build()` with a `build` that is imported for nothing
else. It is unsafe: what the module or `build` raises is raised at the first use, as is what it costs, and what is
built there is closed with the orchestrator.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from typing import NamedTuple

from orchestra_codemods.change import Edit, Fix
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.flow import own
from orchestra_codemods.syntax.hit import unsafe
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.orchestrators import (
    BASE,
    inherits_directly,
    is_orchestrator,
    looks_like_orchestrator,
)
from orchestra_codemods.syntax.places import absolute
from orchestra_codemods.syntax.prefilter import FRAGMENT, bodies
from orchestra_codemods.syntax.tasks import methods, self_attribute
from orchestra_codemods.unit import Case

CODE = "ORC202"
IN_TRANSITION = False
_CONSTRUCTOR = re.compile(rb"[ \t]*def __init__\(", re.MULTILINE)


def may_concern(data: bytes) -> bool:
    """Tell whether a constructor imports."""
    return any(b"import " in body for _, body, _ in bodies(data, b"def __init__(", _CONSTRUCTOR))


TOKENS = ((b"Orchestrat", b"Coordinat", FRAGMENT), (b"__init__",), (may_concern,))
NODES = (ast.FunctionDef,)


def check(file: File, node: ast.FunctionDef) -> Iterator[Hit]:
    """Look at imports in constructors of orchestrators whose names are called there."""
    if node.name != "__init__" or not _belongs(file, node):
        return
    called = {
        one.id
        for call in own(node.body)
        if isinstance(call, ast.Call)
        for one in everything(call.func)
        if isinstance(one, ast.Name)
    }
    for one in own(node.body):
        if isinstance(one, ast.Import | ast.ImportFrom) and not _is_light(one):
            names = {alias.asname or alias.name.partition(".")[0] for alias in one.names}
            if names & called:
                what = ", ".join(sorted(names & called))
                message = f"`{what}` is imported and built with the orchestrator; use `lazy(…)`"
                yield Hit(one, message, _fix(file, node, one))


class _Built(NamedTuple):
    """`self.x = build()`, or `self.x = given or build()` with the expression in front of the call."""

    statement: ast.Assign | ast.AnnAssign
    attribute: str
    given: ast.expr | None


def _fix(file: File, constructor: ast.FunctionDef, statement: ast.Import | ast.ImportFrom) -> Fix | None:
    """Declare the dependency in front of the constructor, where all of its use is seen."""
    cls = file.parents.get(constructor)
    module, beside = _absolute(file, statement), _import_of_lazy(file)
    if not isinstance(statement, ast.ImportFrom) or module is None or len(statement.names) != 1:
        return None
    if not isinstance(cls, ast.ClassDef) or not inherits_directly(file, cls) or beside is None:
        return None
    imported = statement.names[0]
    built = _built(constructor, imported.asname or imported.name)
    if built is None or not _is_sole(cls, built.attribute) or not _can_stand_above(file, constructor):
        return None
    gone = [statement] if built.given else [statement, built.statement]
    if len(gone) == len(constructor.body) or not all(_has_its_lines(file, one) for one in gone):
        return None
    newline, indent = file.source.newline, file.indent(constructor) or ""
    declared = f'{indent}{built.attribute} = lazy("{module}:{imported.name}")'
    edits = [file.insert(file.line_start(constructor), f"{declared}{newline}{newline}")]
    edits += [Edit(file.line_start(one), file.line_end(one), "") for one in gone]
    if built.given is not None:
        assert built.statement.value is not None
        edits.append(file.replace(built.statement.value, file.text_of(built.given)))
    return unsafe(*edits, *beside)


def _absolute(file: File, statement: ast.Import | ast.ImportFrom) -> str | None:
    """Return the module that a statement imports from by its full name, or None where it has none here."""
    if not isinstance(statement, ast.ImportFrom) or statement.module is None:
        return None
    return absolute(file.config, file.path, statement.level, statement.module) or None


def _import_of_lazy(file: File) -> tuple[Edit, ...] | None:
    """Return the edits by which `lazy` is imported beside the base class, at the top level."""
    if "lazy" in file.origins.names:
        return () if file.origins.names["lazy"] == "orchestra.lazy" else None
    for node in file.tree.body:
        base = [one for one in getattr(node, "names", []) if one.name == BASE and one.asname is None]
        if not base or not isinstance(node, ast.ImportFrom):
            continue
        if node.module == "orchestra" and not node.level:
            return (file.insert(file.end(base[0]), ", lazy"),)
        if file.line_start(node) != file.start(node):
            return None
        return (file.insert(file.start(node), f"from orchestra import lazy{file.source.newline}"),)
    return None


def _built(constructor: ast.FunctionDef, name: str) -> _Built | None:
    """Return the one statement of the constructor that uses a name, where it does so as the fix wants it."""
    uses = [one for one in everything(constructor) if isinstance(one, ast.Name) and one.id == name]
    for one in constructor.body:
        if isinstance(one, ast.Assign | ast.AnnAssign) and one.value is not None and len(uses) == 1:
            targets = one.targets if isinstance(one, ast.Assign) else [one.target]
            attribute = self_attribute(targets[0]) if len(targets) == 1 else None
            value, given = one.value, None
            if isinstance(value, ast.BoolOp) and isinstance(value.op, ast.Or) and len(value.values) == 2:
                given, value = value.values
            is_plain = given is None or (
                isinstance(given, ast.Name) and _is_optional(constructor.args, given.id)
            )
            is_call = isinstance(value, ast.Call) and not value.args and not value.keywords
            if attribute and is_plain and is_call and isinstance(value, ast.Call) and value.func is uses[0]:
                return _Built(one, attribute, given)
    return None


def _is_optional(arguments: ast.arguments, name: str) -> bool:
    """Tell whether a parameter is None where it is not given."""
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults = dict(zip(reversed([one.arg for one in plain]), reversed(arguments.defaults), strict=False))
    defaults |= {
        one.arg: value
        for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if value
    }
    default = defaults.get(name)
    return isinstance(default, ast.Constant) and default.value is None


def _is_sole(cls: ast.ClassDef, attribute: str) -> bool:
    """Tell whether an attribute is set once, deleted nowhere, not read while constructing, and no member."""
    members = {getattr(one, "name", None) for one in cls.body} | {
        one.id for statement in cls.body for one in own(statement) if isinstance(one, ast.Name)
    }
    constructor = methods(cls)["__init__"]
    changed = [
        one
        for one in everything(cls)
        if self_attribute(one) == attribute and not isinstance(getattr(one, "ctx", None), ast.Load)
    ]
    seen = [one for one in everything(constructor) if self_attribute(one) == attribute]
    return len(changed) == len(seen) == 1 and not {attribute, "__slots__"} & members


def _can_stand_above(file: File, constructor: ast.FunctionDef) -> bool:
    above = file.text[: file.line_start(constructor)].rstrip(" \t\r\n").splitlines()[-1:]
    return (
        not constructor.decorator_list
        and file.indent(constructor) is not None
        and not (above and above[0].lstrip().startswith("#"))
    )


def _has_its_lines(file: File, statement: ast.stmt) -> bool:
    """Tell whether nothing else, comments included, stands on a statement's lines."""
    text = file.text[file.line_start(statement) : file.line_end(statement)]
    return file.is_alone(statement) and "#" not in text


def _belongs(file: File, node: ast.FunctionDef) -> bool:
    """An orchestrator's constructor, or one without its class, as in the guide's fragments."""
    parent = file.parents.get(node)
    if isinstance(parent, ast.Module):
        return bool(node.args.args) and node.args.args[0].arg == "self"
    if not isinstance(parent, ast.ClassDef) or parent.name == BASE:
        return False
    return is_orchestrator(file, parent) or looks_like_orchestrator(file.config, parent.name)


def _is_light(node: ast.Import | ast.ImportFrom) -> bool:
    modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
    level = node.level if isinstance(node, ast.ImportFrom) else 0
    return not level and all(module.partition(".")[0] in sys.stdlib_module_names for module in modules)


_LAZY = """from orchestra import BaseOrchestrator

class Feedback(BaseOrchestrator):
    def __init__(self):
        from my_app.router import get_router
        super().__init__(layer="domain", name="feedback")
        self._router = get_router()  # %s

    def route(self):
        return self._router.route()
"""
_GIVEN = _LAZY.replace("(self):\n        from", "(self, router=None):\n        from").replace(
    "= get", "= router or get"
)
CASES = (
    Case(
        "built for an attribute",
        _LAZY.replace("  # %s", ""),
        _LAZY.replace("        from my_app.router import get_router\n", "")
        .replace("        self._router = get_router()  # %s\n", "")
        .replace("    def __init__", '    _router = lazy("my_app.router:get_router")\n\n    def __init__')
        .replace("BaseOrchestrator\n\n", "BaseOrchestrator, lazy\n\n"),
    ),
    Case(
        "or given",
        _GIVEN,
        _GIVEN.replace("        from my_app.router import get_router\n", "")
        .replace(" or get_router()", "")
        .replace("    def __init__", '    _router = lazy("my_app.router:get_router")\n\n    def __init__')
        .replace("BaseOrchestrator\n\n", "BaseOrchestrator, lazy\n\n"),
    ),
    Case(
        "from a relative module, with the type written, and the base from the project's own package",
        "# file: src/my_app/feedback.py\n"
        + _LAZY.replace("  # %s", "")
        .replace("from my_app.router", "from .router")
        .replace("_router = get", "_router: object = get")
        .replace("from orchestra", "from orchestrators"),
        "# file: src/my_app/feedback.py\n"
        + _LAZY.replace("        from my_app.router import get_router\n", "")
        .replace("        self._router = get_router()  # %s\n", "")
        .replace("    def __init__", '    _router = lazy("my_app.router:get_router")\n\n    def __init__')
        .replace("from orchestra", "from orchestra import lazy\nfrom orchestrators"),
    ),
    Case("a comment would be lost", _LAZY),
    Case("it is set again", _LAZY.replace("  # %s", "") + "        self._router = None\n"),
    Case("it is used at once", _LAZY.replace("  # %s", "\n        self._router.connect()")),
    Case("it takes arguments", _LAZY.replace("get_router()  # %s", "get_router(self)")),
    Case(
        "imported and built",
        """class FeedbackOrchestrator:
    def __init__(self, router=None):
        from my_app.router import get_router
        self._router = router or get_router()
""",
    ),
    Case(
        "as the guide prints it",
        """def __init__(self):
    from heavy_module import HeavyRouter  # Loads immediately!
    self._router = HeavyRouter()
""",
    ),
    Case(
        "under try",
        """from orchestra import BaseOrchestrator

class Feedback(BaseOrchestrator):
    def __init__(self):
        try:
            from . import models
            self._model = models.load()
        except ImportError:
            self._model = None
""",
    ),
)
CLEAN = (
    Case(
        "in a property, on first use",
        """class FeedbackOrchestrator:
    def __init__(self, router=None):
        self._router = router

    @property
    def router(self):
        if self._router is None:
            from my_app.router import get_router
            self._router = get_router()
        return self._router
""",
    ),
    Case(
        "the standard library, or a class that is only named",
        """class FeedbackOrchestrator:
    def __init__(self):
        import uuid
        from my_app.router import Router
        self.id = uuid.uuid4()
        self.kind = Router
""",
    ),
    Case(
        "in a function that runs later",
        """class FeedbackOrchestrator:
    def __init__(self):
        def load():
            from my_app.router import get_router
            return get_router()
        self._load = load
""",
    ),
    Case(
        "another class",
        "class Client:\n    def __init__(self):\n        from aiohttp import ClientSession\n        self.session = ClientSession()\n",
    ),
)
