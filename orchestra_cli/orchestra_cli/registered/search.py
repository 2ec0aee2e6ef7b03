"""The class behind a registration, and what it has from classes in other modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from orchestra_cli.registered.classes import OrchestratorClass, orchestrator_classes, own_operations
from orchestra_cli.registered.model import Registered
from orchestra_cli.registered.modules import Modules, absolute
from orchestra_cli.registered.wiring import Entry, Symbol, symbols_in

_STEPS = 40
_LAYERS = ("domain", "application", "infrastructure")


class Search:
    """Looks for the classes of one project."""

    def __init__(self, modules: Modules, types: Mapping[str, str], package: str) -> None:
        self._modules = modules
        self._types = types
        self._package = package

    def behind(self, entry: Entry) -> Registered | None:
        """Return what an entry registers: from its factory onwards, else by its name in the package."""
        for symbol, path in self._homes(entry.symbols):
            for found in orchestrator_classes(self._modules.tree(path), self._types):
                if _is_meant(found, symbol, entry):
                    return self._row(found, entry.name, symbol.module, path)
        by_name = (row for row in self.in_package() if row.name == entry.name)
        return next(by_name, None) if entry.name is not None else None

    def in_package(self) -> Iterator[Registered]:
        """Yield every class of the package, and of the modules that its layers export, that has a name."""
        homes = dict(self._modules.files_below(self._package))
        homes |= {
            home: path for home in self._exported() if (path := self._modules.path_of(home)) is not None
        }
        for module, path in homes.items():
            for found in orchestrator_classes(self._modules.tree(path), self._types):
                if found.name is not None:
                    yield self._row(found, found.name, module, path)

    def _exported(self) -> Iterator[str]:
        for layer in _LAYERS:
            path = self._modules.path_of(f"{self._package}.{layer}")
            for node in ast.walk(self._modules.tree(path)) if path is not None else ():
                if isinstance(node, ast.Dict):
                    texts = (value.value for value in node.values if isinstance(value, ast.Constant))
                    yield from (text for text in texts if isinstance(text, str) and not text.startswith("."))

    def _row(self, found: OrchestratorClass, name: str | None, module: str, path: str) -> Registered:
        operations = tuple(sorted(set(self._operations(found.node, module, path))))
        name = name or found.name or ""
        return Registered(name, found.layer, found.type, module, found.node.name, path, operations)

    def _operations(self, node: ast.ClassDef, module: str, path: str, depth: int = 0) -> Iterator[str]:
        yield from own_operations(node)
        if depth > _STEPS:
            return
        tree = self._modules.tree(path)
        imported = symbols_in(tree, module, is_package=path.endswith("__init__.py"))
        for base in node.bases:
            if isinstance(base, ast.Name):
                symbol = imported.get(base.id, Symbol(module, base.id))
                yield from self._operations_behind(symbol, node, depth + 1)

    def _operations_behind(self, symbol: Symbol, heir: ast.ClassDef, depth: int) -> Iterator[str]:
        for home, path in self._homes((symbol,)):
            for one in _classes(self._modules.tree(path)):
                if one.name == home.name and one is not heir:
                    yield from self._operations(one, home.module, path, depth)
                    return

    def _homes(self, symbols: Sequence[Symbol]) -> Iterator[tuple[Symbol, str]]:
        """Yield where names come from, nearest first: each symbol with the file of its module."""
        seen: set[Symbol] = set()
        waiting = list(symbols)
        while waiting and len(seen) < _STEPS:
            symbol = waiting.pop(0)
            path = self._modules.path_of(symbol.module) if symbol not in seen else None
            seen.add(symbol)
            if path is not None:
                yield symbol, path
                tree = self._modules.tree(path)
                waiting += _onwards(tree, symbol, is_package=path.endswith("__init__.py"))


def in_package(modules: Modules, package: str) -> Iterator[Registered]:
    """Yield every class of a package that names itself, registered or not."""
    yield from Search(modules, {}, package).in_package()


def _is_meant(found: OrchestratorClass, symbol: Symbol, entry: Entry) -> bool:
    if entry.name is not None and found.name is not None:
        return found.name == entry.name
    return found.node.name == symbol.name and (entry.name or found.name) is not None


def _classes(tree: ast.Module) -> Iterator[ast.ClassDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def _onwards(tree: ast.Module, symbol: Symbol, *, is_package: bool) -> Iterator[Symbol]:
    """Yield where a module has a name from: an import, the lazy exports of a layer, a forwarding shim."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(names=names):
                module = absolute(node.module, node.level, symbol.module, is_package=is_package)
                for alias in names:
                    if (alias.asname or alias.name) == symbol.name:
                        yield Symbol(module, alias.name)
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if _is_text(key, symbol.name) and isinstance(value, ast.Constant):
                        home = str(value.value)
                        level = len(home) - len(home.lstrip("."))
                        name = absolute(home.lstrip("."), level, symbol.module, is_package=is_package)
                        yield Symbol(name, symbol.name)
            case ast.Call(
                func=ast.Attribute(attr="forward") | ast.Name(id="forward"),
                args=[_, ast.Constant(value=str(home))],
            ):
                yield Symbol(home, symbol.name)
            case _:
                continue


def _is_text(node: ast.expr | None, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text
