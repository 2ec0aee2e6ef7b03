"""Code that asks things of objects which it does not know: an orchestrator may be among them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from orchestra_codemods.change import Finding, Span
from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.inventory.refusals import is_test, is_vendored
from orchestra_codemods.migrations.reliance import built_in_spite_of_anything, starts_when_built
from orchestra_codemods.names import dotted_name, every_node, files_with, parse
from orchestra_codemods.project import Project
from orchestra_codemods.source import SourceError

_TELLING = ("can_orchestrate", "cleanup", "orchestrate", "orchestration_type")
"""What is asked for by name to tell kinds of objects apart; `name` and `logger` are asked of anything."""
_QUESTIONS = {"hasattr", "getattr"}
_TASKS = "get_name"


def doubts(project: Project, unit: str, targets: Iterable[LegacyOrchestrator]) -> Iterator[Finding]:
    """Yield the places that a person has to look at, since they may see a difference.

    Those of which it is known that an orchestrator comes there are refusals.
    """
    for target in targets:
        if starts_when_built(project, target):
            for caller in built_in_spite_of_anything(project, target):
                message = (
                    f"see whether this counts on {target.class_name} failing without a loop: it waits now"
                )
                yield Finding(unit, caller.path, Span(caller.line, caller.column), message)
    python = list(project.sources.python_paths())
    words = files_with(project, [*_QUESTIONS, *_TELLING, "getmembers", "current_task"], python)
    for path, found in words.items():
        asks = bool(found & _QUESTIONS) and bool(found & set(_TELLING))
        if is_vendored(path) or is_test(path) or not (asks or {"getmembers", "current_task"} & found):
            continue
        for node in _calls(project, path):
            message = _doubt(node)
            if message:
                yield Finding(unit, path, Span(node.lineno, node.col_offset), message)


def _calls(project: Project, path: str) -> Iterator[ast.Call]:
    try:
        tree = parse(project.sources[path].text)
    except (SyntaxError, ValueError, RecursionError, OSError, SourceError):
        return
    yield from (node for node in every_node(tree) if isinstance(node, ast.Call))


def _doubt(node: ast.Call) -> str:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else dotted_name(node.func)
    if name in _QUESTIONS and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
        asked = node.args[1].value
        if asked in _TELLING and dotted_name(node.args[0]) not in ("self", "cls"):
            return f"see whether an orchestrator comes here: each has `{asked}` now"
    if name in ("getmembers", "getmembers_static"):
        return (
            "see whether this finds BaseOrchestrator in the modules of orchestrators, or its methods in them"
        )
    if name == _TASKS and "current_task" in ast.unparse(node.func):
        return "see whether a task of an orchestrator comes here: it is named after its method now"
    return ""
