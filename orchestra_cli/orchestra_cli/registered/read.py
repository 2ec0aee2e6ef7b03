"""From the project's wiring, or from its package where there is none, to its registered orchestrators."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from orchestra_cli.registered.classes import OrchestratorClass, member_values, orchestrator_classes
from orchestra_cli.registered.model import Reading, Registered
from orchestra_cli.registered.modules import Modules, absolute
from orchestra_cli.registered.wiring import Entry, Symbol, entries
from orchestra_codemods.config import Config

_HOPS = 8


def read_registered(root: Path, config: Config) -> Reading:
    """Return what the project registers, sorted by layer and name."""
    roots = config.source_roots or (("src", ".") if (root / "src").is_dir() else (".",))
    modules = Modules(root, (*roots, ".") if "." not in roots else roots)
    types = _types(modules, config.package)
    rows: dict[str, Registered] = {}
    for row in _rows(modules, config, types):
        rows.setdefault(row.name, row)
    ordered = sorted(rows.values(), key=lambda row: (_rank(row.layer), row.name))
    return Reading(tuple(ordered), tuple(modules.problems), tuple(modules.looked_at))


def _rows(modules: Modules, config: Config, types: dict[str, str]) -> Iterator[Registered]:
    registrations = list(_registrations(modules, config))
    if not registrations and config.app is None:
        yield from _discovered(modules, config.package, types)
    for entry in registrations:
        row = _resolved(modules, entry, types)
        if row is not None:
            yield row
        elif entry.name is not None:
            modules.problems.append(f"the class of `{entry.name}` was not found from its factory")
            yield Registered(entry.name)


def _registrations(modules: Modules, config: Config) -> Iterator[Entry]:
    wiring = [f"{config.package}.orchestrators", f"{config.package}.facade"]
    if config.app is not None:
        wiring.append(config.app.partition(":")[0])
    for module in dict.fromkeys(wiring):
        path = modules.path_of(module)
        if path is not None:
            yield from entries(modules.tree(path), module, is_package=path.endswith("__init__.py"))
    for name, target in config.factories.items():
        module, _, function = target.partition(":")
        yield Entry(name, (Symbol(module, function),))


def _discovered(modules: Modules, package: str, types: dict[str, str]) -> Iterator[Registered]:
    for module, path in modules.files_below(package):
        for found in orchestrator_classes(modules.tree(path), types):
            if found.name is not None:
                yield _row(found, found.name, module, path)


def _resolved(modules: Modules, entry: Entry, types: dict[str, str]) -> Registered | None:
    seen: set[Symbol] = set()
    waiting = list(entry.symbols)
    for _ in range(_HOPS * max(1, len(waiting))):
        if not waiting:
            return None
        symbol = waiting.pop(0)
        if symbol in seen:
            continue
        seen.add(symbol)
        path = modules.path_of(symbol.module)
        if path is None:
            continue
        tree = modules.tree(path)
        for found in orchestrator_classes(tree, types):
            if found.name == entry.name or (
                found.class_name == symbol.name and None in (found.name, entry.name)
            ):
                name = entry.name or found.name
                return None if name is None else _row(found, name, symbol.module, path)
        waiting += _onwards(tree, symbol, is_package=path.endswith("__init__.py"))
    return None


def _onwards(tree: ast.Module, symbol: Symbol, *, is_package: bool) -> Iterator[Symbol]:
    """Yield where a module has a name from: an import, or the lazy exports of a layer package."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(names=names):
                module = absolute(node.module, node.level, symbol.module, is_package=is_package)
                if any((alias.asname or alias.name) == symbol.name for alias in names):
                    yield from (
                        Symbol(module, alias.name)
                        for alias in names
                        if (alias.asname or alias.name) == symbol.name
                    )
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if _is_text(key, symbol.name) and isinstance(value, ast.Constant):
                        text = str(value.value)
                        level = len(text) - len(text.lstrip("."))
                        home = absolute(text.lstrip("."), level, symbol.module, is_package=is_package)
                        yield Symbol(home, symbol.name)
            case ast.Call(
                func=ast.Attribute(attr="forward") | ast.Name(id="forward"),
                args=[_, ast.Constant(value=str(home))],
            ):
                yield Symbol(home, symbol.name)


def _is_text(node: ast.expr | None, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text


def _row(found: OrchestratorClass, name: str, module: str, path: str) -> Registered:
    return Registered(name, found.layer, found.type, module, found.class_name, path, found.operations)


def _types(modules: Modules, package: str) -> dict[str, str]:
    path = modules.path_of(f"{package}.protocols")
    return member_values(modules.tree(path), "OrchestrationType") if path is not None else {}


def _rank(layer: str | None) -> int:
    order = ("domain", "application", "infrastructure")
    return order.index(layer) if layer in order else len(order)
