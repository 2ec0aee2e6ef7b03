"""A template: a folder with a real orchestrator and its real test, read as text and never imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from orchestra_templates.errors import TemplateError

CODE = "orchestrator.py"
TEST = "test_orchestrator.py"
CLASS = "ExampleOrchestrator"
NAME = "example_name"
OPERATION = "example_operation"
BACKGROUND = "example_background"
DEPENDENCY = "example_dependency"
DEPENDENCY_CLASS = "ExampleDependency"


class Template(NamedTuple):
    """What a folder offers. ``type`` is the name of an enum member; ``background`` maps each of the
    template's own tasks to its interval in seconds, None for a loop of its own.
    """

    name: str
    folder: Path
    origin: str
    summary: str
    layer: str
    type: str
    operations: tuple[str, ...]
    background: Mapping[str, float | None]
    accessors: tuple[str, ...]
    code: str
    test: str


def read_template(folder: Path, name: str, origin: str) -> Template:
    """Return the template in a folder. Raises TemplateError where it cannot be one."""
    code, test = _text(folder / CODE), _text(folder / TEST)
    tree = _tree(code, folder / CODE)
    example = next(
        (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == CLASS), None
    )
    if example is None:
        raise _unusable(f"{folder / CODE} defines no class {CLASS}")
    functions = [node for node in example.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return Template(
        name=name,
        folder=folder,
        origin=origin,
        summary=(ast.get_docstring(tree) or "").partition("\n")[0],
        layer=_member(example, "OrchestrationLayer", folder).lower(),
        type=_member(example, "OrchestrationType", folder),
        operations=tuple(one.name for one in functions if _mark(one, "operation") and one.name != OPERATION),
        background={
            one.name: _seconds(mark)
            for one in functions
            if one.name != BACKGROUND and (mark := _mark(one, "background"))
        },
        accessors=tuple(_accessors(tree)),
        code=code,
        test=test,
    )


def _text(file: Path) -> str:
    if file.exists() and not file.is_file():  # a pipe would be waited for
        raise _unusable(f"{file} is no file")
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(f"{file} cannot be read: {error}") from None


def _tree(text: str, file: Path) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _unusable(f"{file} is not Python: {error}") from None


def _mark(function: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> ast.expr | None:
    for decorator in function.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(target, ast.Name) and target.id == name:
            return decorator
    return None


def _seconds(mark: ast.expr) -> float | None:
    for keyword in mark.keywords if isinstance(mark, ast.Call) else ():
        if keyword.arg == "interval" and isinstance(keyword.value, ast.Constant):
            value = keyword.value.value
            return value if isinstance(value, int | float) else None
    return None


def _member(example: ast.ClassDef, enum: str, folder: Path) -> str:
    for node in ast.walk(example):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == enum:
            return node.attr
    raise _unusable(f"{CLASS} in {folder / CODE} gives super().__init__ no {enum} member")


def _accessors(tree: ast.Module) -> Iterator[str]:
    """Yield the public functions beside the class: the layer exports them where their names are free."""
    seen: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.name not in seen:
            seen.add(node.name)
            yield node.name


def _unusable(what: str) -> TemplateError:
    return TemplateError(what, hint="`orchestra templates --check DIR` lists all that is wrong.")
