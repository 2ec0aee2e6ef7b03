"""An orchestrator that holds an instance: for classes that cannot become one, and need not be touched for it.

The legacy class, its module and everybody who uses it stay byte for byte as they are. What is new is a module
in the layer package, with an operation for each public method, and its registration.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from orchestra_codemods.change import Change
from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.migrations.accessors import construction
from orchestra_codemods.migrations.lineage import key_of
from orchestra_codemods.migrations.names_in_use import choose
from orchestra_codemods.migrations.obstacles import OWN_METHODS, PRIVATE, READ_ONLY
from orchestra_codemods.migrations.placement import Placement, place
from orchestra_codemods.migrations.programs import obstacles_of_programs
from orchestra_codemods.migrations.shape import ClassShape, Function, shapes_in
from orchestra_codemods.names import Definition, names_of, parse
from orchestra_codemods.project import Project
from orchestra_codemods.source import Source

_GIVEN = READ_ONLY | OWN_METHODS | PRIVATE | {"cleanup", "logger"}


def adapter_of(project: Project, target: LegacyOrchestrator) -> Placement | None:
    """Return where the adapter of a class goes; None where it would not be certain what it has to do."""
    names = names_of(project)
    module = names.index.module(target.path)
    if module is None or list(obstacles_of_programs(project, target.path)):
        return None
    (shape,) = shapes_in(project.sources[target.path].text, target.class_name)
    functions = operations(project.sources[target.path].text, shape)
    if not functions or any(each.decorator_list or _is_stream(each) for each in functions):
        return None
    given = ["adapted", *(_method(each) for each in functions)]
    if len(set(given)) < len(given):
        return None
    made = place(names.index, project.config.package, target.path, (target,))
    if made.new_path in project.sources or names.index.find(made.new_module) is not None:
        return None
    return replace(made, is_adapter=True, why_here="an adapter holds it, and it is not changed")


def is_adapted(project: Project, target: LegacyOrchestrator) -> bool:
    """Tell whether the package of a layer has the adapter of a class already."""
    names = names_of(project)
    home = names.index.find(project.config.package)
    for layer in ("domain", "application", "infrastructure"):
        path = f"{(home.path or '').rpartition('/')[0]}/{layer}/{target.name}.py" if home else ""
        if path in project.sources:
            found = names.resolver.resolve(path, target.class_name)
            mine = names.resolver.bindings(path, adapter_name(target))
            if mine and isinstance(found, Definition) and found.key == key_of(target):
                return True
    return False


def adapter_name(target: LegacyOrchestrator) -> str:
    """Return what the adapter's class is called."""
    return f"{target.class_name}Adapter"


def adapter_change(project: Project, placed: Placement) -> Change:
    """Return the new module: the adapter, and the function that builds it around the one of the process."""
    (target,) = placed.targets
    text = project.sources[placed.path].text
    (shape,) = shapes_in(text, target.class_name)
    package = project.config.package
    wanted = ("BaseOrchestrator", "OrchestrationLayer", "OrchestrationType", "operation")
    imported, lines = construction(text, target)
    taken = {target.class_name, *imported}
    known = choose(package, wanted, taken)
    local = known.names
    needed = ", ".join(sorted(taken))
    written = [
        f'"""The orchestrator `{target.name}`: it hands its operations on to {_a(target.class_name)}."""',
        "",
        "from __future__ import annotations",
        "",
        "import functools",
        "from typing import Any",
        "",
        *sorted([known.statement(), f"from {placed.module} import {needed}"]),
        "",
        "",
        f"class {adapter_name(target)}({local['BaseOrchestrator']}):",
        f'    """Calls the {target.class_name} that it was given, which nobody else has to know of."""',
        "",
        f"    def __init__(self, adapted: {target.class_name}) -> None:",
        "        super().__init__(",
        f"            layer={local['OrchestrationLayer']}.{str(target.layer).upper()},",
        f'            name="{target.name}",',
        f"            orchestration_type={local['OrchestrationType']}.{str(target.type).upper()},",
        "        )",
        "        self.adapted = adapted",
        *(line for each in operations(text, shape) for line in _operation(each, target, local["operation"])),
        "",
        "",
        f"def build() -> {adapter_name(target)}:",
        f'    """Return the adapter of the {target.class_name} of this process."""',
        *(f"    {_adapted(line, target)}" for line in lines),
    ]
    because = f"{target.class_name} is called through an orchestrator that holds it"
    return Change(None, Source.new(placed.new_path, "\n".join([*written, ""])), because, placed.units)


def operations(text: str, shape: ClassShape) -> list[Function]:
    """Return the public methods of a class, the last of those that are defined twice."""
    lines = {method.line for method in shape.operations}
    (node,) = (
        each for each in parse(text).body if isinstance(each, ast.ClassDef) and each.name == shape.name
    )
    found = {each.name: each for each in node.body if isinstance(each, Function) and each.lineno in lines}
    return list(found.values())


def _operation(function: Function, target: LegacyOrchestrator, mark: str) -> Iterator[str]:
    is_async = isinstance(function, ast.AsyncFunctionDef)
    is_clash = function.name in _GIVEN
    call = f"self.adapted.{function.name}(*args, **kwargs)"
    yield ""
    yield f'    @{mark}(name="{function.name}")' if is_clash else f"    @{mark}"
    yield f"    @functools.wraps({target.class_name}.{function.name})"
    kind = "async def" if is_async else "def"
    yield f"    {kind} {_method(function)}(self, *args: Any, **kwargs: Any) -> Any:"
    yield f"        return {'await ' if is_async else ''}{call}"


def _method(function: Function) -> str:
    return f"call_{function.name}" if function.name in _GIVEN else function.name


def _adapted(line: str, target: LegacyOrchestrator) -> str:
    """Return a statement that builds the class as one that builds its adapter."""
    head, _, value = line.partition("return ")
    return f"return {adapter_name(target)}({value})" if not head and value else line


def _a(name: str) -> str:
    return f"{'an' if name.lstrip('_')[:1].upper() in 'AEIOU' else 'a'} {name}"


def _is_stream(function: Function) -> bool:
    return isinstance(function, ast.AsyncFunctionDef) and any(
        isinstance(each, ast.Yield) for each in ast.walk(function)
    )
