"""A domain orchestrator starts tasks, or changes itself outside `__init__`.

The domain layer is business logic: what it answers should depend on what it is asked, not on what it was asked
before. State and background work belong to the application or infrastructure layer, where their life is
watched. Advice, and so opt-in: select it by name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.flow import own
from orchestra_codemods.syntax.orchestrators import is_marked, is_orchestrator, metadata
from orchestra_codemods.syntax.tasks import CLOSING, methods, self_attribute, spawned
from orchestra_codemods.unit import Case

CODE = "ORC116"
DEFAULT = "opt-in"
TOKENS = ((b"BaseOrchestrator",), (b"DOMAIN",))
NODES = (ast.ClassDef,)
_CHANGING = {"append", "appendleft", "extend", "insert", "pop", "popleft", "remove", "setdefault"}


def check(file: File, node: ast.ClassDef) -> Iterator[Hit]:
    """Look at the methods of orchestrators that say they belong to the domain."""
    given = metadata(node) if is_orchestrator(file, node) else None
    if given is None or given.layer_member != "DOMAIN":
        return
    for method in methods(node).values():
        if (
            method.name == "__init__"
            or CLOSING.match(method.name)
            or any(is_marked(file, method, mark) for mark in ("property", "setter", "cached_property"))
        ):
            continue
        for one in own(method.body):
            if spawned(file, one) is not None:
                yield Hit(one, f"`{node.name}` belongs to the domain and starts a task")
            for attribute in _changed(one):
                if not _is_cache(file, method, one, attribute):
                    yield Hit(one, f"`{node.name}` belongs to the domain and changes `self.{attribute}`")


def _changed(node: ast.AST) -> Iterator[str]:
    """Yield the attributes of self that a node assigns, assigns into, or calls a changing method of."""
    changed: list[ast.expr] = []
    match node:
        case ast.Assign(targets=targets):
            changed = targets
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            changed = [target]
        case ast.Call(func=ast.Attribute(attr=method, value=value)) if method in _CHANGING:
            changed = [value]
    for one in changed:
        attribute = self_attribute(one.value if isinstance(one, ast.Subscript) else one)
        if attribute:
            yield attribute


def _is_cache(file: File, method: ast.AST, node: ast.AST, attribute: str) -> bool:
    """A cache says so in its name, or is filled where it is None."""
    if any(word in attribute.lower() for word in ("cache", "memo", "logger")):
        return True
    return any(
        isinstance(one, ast.If) and f"self.{attribute}" in ast.unparse(one.test)
        for one in file.ancestors(node)
    )


_HEAD = """from orchestra import BaseOrchestrator, OrchestrationLayer

class Flow(BaseOrchestrator):
    def __init__(self):
        super().__init__(layer=OrchestrationLayer.%s, name="flow")
        self.seen = 0
"""
CASES = (
    Case(
        "counts what it was asked",
        _HEAD % "DOMAIN"
        + """
    async def orchestrate(self, context, **kwargs):
        self.seen += 1
""",
    ),
    Case(
        "starts a task",
        "import asyncio\n"
        + _HEAD % "DOMAIN"
        + """
    async def orchestrate(self, context, **kwargs):
        task = asyncio.create_task(self.work())
        await task
""",
    ),
)
CLEAN = (
    Case(
        "another layer",
        _HEAD % "APPLICATION"
        + """
    async def orchestrate(self, context, **kwargs):
        self.seen += 1
""",
    ),
    Case(
        "a cache, a lazy dependency",
        _HEAD % "DOMAIN"
        + """
    async def orchestrate(self, context, **kwargs):
        self._cache = {}

    @property
    def router(self):
        self._router = 1
        return self._router

    def load(self):
        if self._model is None:
            self._model = 1
""",
    ),
)
