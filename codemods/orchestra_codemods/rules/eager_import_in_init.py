"""An orchestrator imports and builds its dependencies in `__init__`.

Building the orchestrator then loads models, opens connections and runs into import cycles, in tests too, and
also when the dependency is never used. Declare it with `lazy("my_app.router:get_router")`: loaded on first use,
replaceable in tests.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.flow import own
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.orchestrators import BASE, is_orchestrator, looks_like_orchestrator
from orchestra_codemods.syntax.prefilter import FRAGMENT, bodies
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
                yield Hit(one, f"`{what}` is imported and built with the orchestrator; use `lazy(…)`")


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


CASES = (
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
