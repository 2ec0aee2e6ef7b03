"""`--offer-accessors`: `get_x(auto_create=…)` and `set_x` where there are none; what there is stays."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Literal

from orchestra_codemods.change import Edit
from orchestra_codemods.inventory.model import Accessor, LegacyOrchestrator
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.names import Importers, Offsets, names_of, parse
from orchestra_codemods.project import Project

Accessors = Literal["kept", "offered"]


def offered_edits(project: Project, placement: Placement, importers: Importers) -> Iterator[Edit]:
    """Yield the insertions of accessors into the module of a placement."""
    source = project.sources[placement.path]
    for target in placement.targets:
        name = new_get(project, placement, target, importers)
        if name:
            ending = "" if source.text.endswith(("\n", "\r")) else "\n"
            text = ending + _get(name, target.class_name) + _set(name, f"_{target.name}", target.class_name)
            yield Edit(len(source.text), len(source.text), text.replace("\n", source.newline))
            continue
        get = _settable(project, placement, target, importers)
        if get is not None and get.variable:
            at = _below(source.text, get.name)
            text = _set(get.name, get.variable, target.class_name)
            yield Edit(at, at, text.replace("\n", source.newline))


def new_get(project: Project, placement: Placement, target: LegacyOrchestrator, importers: Importers) -> str:
    """Return the name of the accessor that a class gets which has none; empty where it gets none."""
    name = f"get_{target.name}"
    bound = {name, f"set_{target.name}", f"_{target.name}"}
    is_free = not any(names_of(project).resolver.bindings(placement.path, each) for each in bound)
    if placement.is_adapter or target.accessors or target.required_arguments or not is_free:
        return ""
    return "" if _is_taken_whole(project, placement, importers) else name


def _settable(
    project: Project, placement: Placement, target: LegacyOrchestrator, importers: Importers
) -> Accessor | None:
    """Return the accessor of which the variable cannot be set but by hand."""
    kinds = {each.kind for each in target.accessors}
    gets = [each for each in target.accessors if each.kind == "get" and each.path == placement.path]
    if kinds & {"set", "new-singleton"} or len(gets) != 1 or not gets[0].name.startswith("get_"):
        return None
    wanted = gets[0].name.replace("get_", "set_", 1)
    is_free = not names_of(project).resolver.bindings(placement.path, wanted)
    is_function = _below(project.sources[placement.path].text, gets[0].name) > 0
    return gets[0] if is_free and is_function and not _is_taken_whole(project, placement, importers) else None


def _is_taken_whole(project: Project, placement: Placement, importers: Importers) -> bool:
    """Tell whether a star import somewhere would take new names along."""
    facts = names_of(project).facts(placement.path)
    return bool(facts and not facts.has_all and any(site.name == "*" for site in importers.sites))


def _below(text: str, function: str) -> int:
    """Return where the line after a function at the top level begins; 0 where there is none."""
    offsets = Offsets(text)
    for node in parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            end = offsets.place(node).end
            line_end = text.find("\n", end)
            return line_end + 1 if line_end >= 0 else 0
    return 0


def _get(name: str, class_name: str) -> str:
    variable = name.removeprefix("get")
    return (
        f'\n\n{variable}: "{class_name} | None" = None\n\n\n'
        f'def {name}(auto_create: bool = True) -> "{class_name} | None":\n'
        f'    """Return the {class_name} of this process; the first call makes it, unless told not to."""\n'
        f"    global {variable}\n"
        f"    if {variable} is None and auto_create:\n"
        f"        {variable} = {class_name}()\n"
        f"    return {variable}\n"
    )


def _set(get: str, variable: str, class_name: str) -> str:
    name = get.replace("get_", "set_", 1)
    return (
        f'\n\ndef {name}(instance: "{class_name} | None") -> None:\n'
        f'    """Let `{get}` return another instance, or none."""\n'
        f"    global {variable}\n"
        f"    {variable} = instance\n"
    )
