"""Which names are registered, and from where each of them comes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from orchestra_cli.registered.modules import absolute


@dataclass(frozen=True, slots=True)
class Symbol:
    """Something that is imported: its module and its name there."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A registration. ``name`` is None where only the class knows it."""

    name: str | None
    symbols: tuple[Symbol, ...]


def entries(tree: ast.Module, module: str, *, is_package: bool) -> Iterator[Entry]:
    """Yield what a module registers with `register_factory("name", factory)` or `register(Class())`."""
    functions = {
        node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    top = symbols_in(tree, module, is_package=is_package)
    for call in ast.walk(tree):
        match call:
            case ast.Call(
                func=ast.Attribute(attr="register_factory"),
                args=[ast.Constant(value=str(name)), factory, *_],
            ):
                yield Entry(name, tuple(_behind(factory, functions, top, module, is_package)))
            case ast.Call(func=ast.Attribute(attr="register"), args=[instance, *_]):
                yield Entry(None, tuple(_behind(instance, functions, top, module, is_package)))


def symbols_in(tree: ast.AST, module: str, *, is_package: bool) -> dict[str, Symbol]:
    """Return what is imported anywhere below a node, by the name that it has there."""
    return {
        alias.asname or alias.name: Symbol(
            absolute(node.module, node.level, module, is_package=is_package), alias.name
        )
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _behind(
    node: ast.expr,
    functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef],
    top: dict[str, Symbol],
    module: str,
    is_package: bool,
) -> Iterator[Symbol]:
    for name in ast.walk(node):
        if isinstance(name, ast.Name) and name.id in functions:
            yield from symbols_in(functions[name.id], module, is_package=is_package).values()
            yield from (top[used] for used in _names(functions[name.id]) if used in top)
        elif isinstance(name, ast.Name):
            yield top.get(name.id, Symbol(module, name.id))


def _names(node: ast.AST) -> set[str]:
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
