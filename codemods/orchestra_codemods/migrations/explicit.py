"""`--explicit`: the guide's `orchestrate()` with its ladder of operations, instead of the inherited routing.

The guide's ladder fails with a category for an operation that it does not know, logs its start and its end,
and hands on a result that an operation returned. Arguments that do not fit are named before anything runs, as
the inherited routing does. The context is positional-only where an operation has a parameter of that name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.migrations.cycles import loaded_by
from orchestra_codemods.migrations.obstacles import Obstacle
from orchestra_codemods.migrations.shape import ClassShape, Function
from orchestra_codemods.names import Definition, External, Names, names_of, parse
from orchestra_codemods.project import Project

Routing = Literal["inherited", "explicit"]
NEEDED = ("ErrorCategory", "OrchestrationContext", "StepResult")
_REMEDY = "Leave --explicit out: the inherited routing copes with it."


@dataclass(frozen=True, slots=True)
class Branch:
    """One operation of a ladder: the expression that calls it."""

    name: str
    call: str


def explicit_obstacles(project: Project, target: LegacyOrchestrator, shape: ClassShape) -> Iterator[Obstacle]:
    """Yield why a ladder would not do what the inherited routing does."""
    why = _result_class(project, target)
    if why:
        yield Obstacle(shape.line, f"a ladder cannot make its results: {why}", _REMEDY)
    found = _operations(project.sources[target.path].text, shape)
    for function in found.values():
        if function.decorator_list:
            what = f"@{ast.unparse(function.decorator_list[0]).partition('(')[0]} on {function.name}"
            why = f"{what} may change whether a ladder has to await it"
            yield Obstacle(function.lineno, why, _REMEDY)
        if any(each.arg == "operation" for each in ast.walk(function.args) if isinstance(each, ast.arg)):
            why = f"{function.name} has a parameter `operation`, which a ladder takes for itself"
            yield Obstacle(function.lineno, why, _REMEDY)
        if _has_positional_default(function):
            why = (
                f"{function.name} has a positional-only parameter with a default, which a ladder would repeat"
            )
            yield Obstacle(function.lineno, why, _REMEDY)
    if found and all(_is_stream(each) for each in found.values()):
        yield Obstacle(shape.line, "it has no operation but streams, which no ladder can return", _REMEDY)


def ladder(text: str, shape: ClassShape, local: Mapping[str, str], *, is_heir: bool) -> list[str]:
    """Return the lines of `orchestrate()` for a class, indented as its body; none where an heir adds nothing.

    An heir asks its base about what is no operation of its own.
    """
    functions = [each for each in _operations(text, shape).values() if not _is_stream(each)]
    if not functions:
        return []
    branches = [Branch(each.name, _call(each)) for each in functions]
    result = local["StepResult"]
    default = f'"{branches[0].name}"' if len(branches) == 1 and not is_heir else "None"
    has_context = any("context" in _parameters(each) for each in functions)
    inner, deeper = shape.unit * 2, shape.unit * 3
    given = f"self, context: {local['OrchestrationContext']}{', /' if has_context else ''}"
    lines = [
        f"{shape.unit}async def orchestrate({given}, **kwargs: {local['Any']}) -> {result}:",
        f'{inner}"""Route `operation` to the method of that name; what else is given are its arguments."""',
        *(_base_first(shape.unit, branches) if is_heir else ()),
        f"{inner}self._log_orchestration_start(context, **kwargs)",
        f'{inner}operation = kwargs.pop("operation", {default})',
        f"{inner}self.runtime.check_parameters(operation, kwargs)",
        f"{inner}value: {local['Any']}",
    ]
    for number, branch in enumerate(branches):
        lines.append(f'{inner}{"elif" if number else "if"} operation == "{branch.name}":')
        lines.append(f"{deeper}value = {branch.call}")
    return [
        *lines,
        f"{inner}else:",
        f"{deeper}value = {result}.fail(",
        f'{deeper}{shape.unit}f"Unknown operation: {{operation}}",',
        f"{deeper}{shape.unit}error_category={local['ErrorCategory']}.VALIDATION,",
        f"{deeper})",
        f"{inner}result = value if isinstance(value, {result}) else {result}.ok(result=value)",
        f"{inner}self._log_orchestration_end(context, result)",
        f"{inner}return result",
    ]


def _base_first(unit: str, branches: Sequence[Branch]) -> list[str]:
    own = ", ".join(f'"{branch.name}"' for branch in branches)
    return [
        f'{unit * 2}if kwargs.get("operation") not in {{{own}}}:',
        f"{unit * 3}return await super().orchestrate(context, **kwargs)",
    ]


def _call(function: Function) -> str:
    positional = [each.arg for each in function.args.posonlyargs[1:]]
    given = [*(f'kwargs.pop("{name}")' for name in positional), "**kwargs"]
    call = f"self.{function.name}({', '.join(given)})"
    return f"await {call}" if isinstance(function, ast.AsyncFunctionDef) else call


def _operations(text: str, shape: ClassShape) -> dict[str, Function]:
    """Return the marked methods by name, the last of those that are defined twice."""
    lines = {method.line for method in shape.operations}
    return {
        each.name: each
        for node in parse(text).body
        if isinstance(node, ast.ClassDef) and node.name == shape.name and node.lineno == shape.line
        for each in node.body
        if isinstance(each, Function) and each.lineno in lines
    }


def _parameters(function: Function) -> set[str]:
    return {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)}


def _has_positional_default(function: Function) -> bool:
    arguments = function.args
    return len(arguments.defaults) > len(arguments.args)


def _is_stream(function: Function) -> bool:
    return isinstance(function, ast.AsyncFunctionDef) and any(
        isinstance(each, ast.Yield) for each in _own_nodes(function.body)
    )


def _own_nodes(body: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """Yield what runs in a body itself, not in the functions that it defines."""
    for node in body:
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _own_nodes(list(ast.iter_child_nodes(node)))


def _result_class(project: Project, target: LegacyOrchestrator) -> str:
    """Return what is not known of the project's result class; empty where a ladder can make its results."""
    names = names_of(project)
    found = names.resolver.resolve_absolute(f"{project.config.package}.StepResult")
    if isinstance(found, External) and found.dotted.startswith("orchestra."):
        return ""
    if not isinstance(found, Definition):
        return "where its result class comes from is not known"
    if target.path in loaded_by(names, [found.path]) | {found.path}:
        return f"{found.path}, which has its result class, imports it"
    return _of_class(project, names, found)


def categories_home(project: Project) -> str:
    """Return the module of the categories that go with the project's result class."""
    found = names_of(project).resolver.resolve_absolute(f"{project.config.package}.StepResult")
    return found.module if isinstance(found, Definition) else project.config.package


def _of_class(project: Project, names: Names, found: Definition) -> str:
    for node in parse(project.sources[found.path].text).body:
        if isinstance(node, ast.ClassDef) and node.name == found.name:
            made = {each.name: _parameters(each) for each in node.body if isinstance(each, Function)}
            if not {"ok", "fail"} <= set(made):
                return f"{found.name} has no `ok` or no `fail` of its own"
            if "error_category" not in made["fail"]:
                return f"{found.name}.fail takes no error_category"
            category = names.resolver.resolve_absolute(f"{found.module}.ErrorCategory.VALIDATION")
            if not isinstance(category, Definition):
                return f"{found.module} has no ErrorCategory.VALIDATION"
            return ""
    return f"{found.name} is no class at the top level of {found.path}"
