"""The lines in the project's wiring: one factory and one registration for each orchestrator."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from orchestra_codemods.change import Edit
from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.migrations.accessors import construction
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.names import Offsets, parse
from orchestra_codemods.project import Project

REGISTRY = "register_orchestrators"


def wiring_edits(project: Project, path: str, placements: Sequence[Placement]) -> Iterator[Edit]:
    """Yield the edits of `orchestrators.py` for all targets that it does not register yet."""
    source = project.sources[path]
    offsets = Offsets(source.text)
    function = next(
        node
        for node in parse(source.text).body
        if isinstance(node, ast.FunctionDef) and node.name == REGISTRY
    )
    known = _registered(function)
    wanted = sorted(
        (target.name, placement, target)
        for placement in placements
        for target in placement.targets
        if target.name not in known
    )
    if not wanted:
        return
    facade = function.args.args[0].arg
    last = function.body[-1]
    indent = " " * last.col_offset
    lines = [f'{indent}{facade}.register_factory("{name}", _{name})' for name, _, _ in wanted]
    end = _end_of_line(source.text, offsets.place(last).end)
    yield Edit(end, end, "".join(f"{source.newline}{line}" for line in lines))
    text = "".join(f"\n\n{factory_text(project, placement, target)}" for _, placement, target in wanted)
    at = len(source.text)
    start = "" if source.text.endswith(("\n", "\r")) else "\n"
    yield Edit(at, at, (start + text).replace("\n", source.newline))


def factory_text(project: Project, placement: Placement, target: LegacyOrchestrator) -> str:
    """Return a function that imports the class inside and returns the instance of the process."""
    imported, lines = construction(project.sources[placement.path].text, target)
    body = "".join(f"    {line}\n" for line in lines)
    names = ", ".join(sorted(imported))
    statement = f"    from {placement.new_module} import {names}\n\n" if names else ""
    return f"def _{target.name}() -> object:\n{statement}{body}"


def has_registry(text: str) -> bool:
    """Tell whether a text has a registration function that lines can be added to."""
    return any(
        isinstance(node, ast.FunctionDef) and node.name == REGISTRY and node.args.args
        for node in parse(text).body
    )


def _registered(function: ast.FunctionDef) -> set[str]:
    return {
        node.args[0].value
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("register_factory", "register")
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def _end_of_line(text: str, start: int) -> int:
    at = start
    while at < len(text) and text[at] not in "\r\n":
        at += 1
    return at
