"""Stop events: `asyncio.Event` attributes that a loop of the class asks or should ask."""

from __future__ import annotations

import ast
import re

from orchestra_codemods.syntax.file import File
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.tasks import self_attribute

_EVENTS = {"asyncio.Event", "asyncio.locks.Event"}
_STOPPING = re.compile(r".*(stop|shut|clos|exit|quit|terminat|cancel|done|end)", re.IGNORECASE)


def event_attributes(file: File, cls: ast.ClassDef) -> list[str]:
    """Return attributes of self that are assigned an ``asyncio.Event()``, in the order of the text."""
    found: dict[str, None] = {}
    for node in everything(cls):
        value = getattr(node, "value", None)
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(value, ast.Call):
            continue
        if file.dotted(value.func) in _EVENTS:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= dict.fromkeys(name for name in map(self_attribute, targets) if name is not None)
    return list(found)


def stop_events(file: File, cls: ast.ClassDef) -> list[str]:
    """Return the event attributes whose name says that they stop something."""
    return [name for name in event_attributes(file, cls) if _STOPPING.match(name)]


def asked_event(test: ast.AST) -> ast.expr | None:
    """Return ``E`` of ``not E.is_set()``, also as a part of an ``and``."""
    parts = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
    for part in parts:
        if (
            isinstance(part, ast.UnaryOp)
            and isinstance(part.op, ast.Not)
            and isinstance(part.operand, ast.Call)
        ):
            function = part.operand.func
            if isinstance(function, ast.Attribute) and function.attr == "is_set":
                return function.value
    return None
