"""From the project's wiring, or from its package where there is none, to its registered orchestrators."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from orchestra_cli.registered.classes import member_values
from orchestra_cli.registered.model import Reading, Registered
from orchestra_cli.registered.modules import Modules
from orchestra_cli.registered.search import Search
from orchestra_cli.registered.wiring import Entry, Symbol, entries
from orchestra_codemods.config import LAYERS, Config


def read_registered(root: Path, config: Config) -> Reading:
    """Return what the project registers, sorted by layer and name."""
    modules = modules_of(root, config)
    search = Search(modules, _types(modules, config.package), config.package)
    rows: dict[str, Registered] = {}
    for row in _rows(modules, search, config):
        rows.setdefault(row.name, row)
    ordered = sorted(rows.values(), key=lambda row: (_rank(row.layer), row.name))
    return Reading(tuple(ordered), tuple(modules.problems), tuple(modules.looked_at))


def modules_of(root: Path, config: Config) -> Modules:
    """Return the project's modules, in the order in which its program looks for them."""
    roots = config.source_roots or (("src", ".") if (root / "src").is_dir() else (".",))
    return Modules(root, roots if "." in roots else (*roots, "."))


def _rows(modules: Modules, search: Search, config: Config) -> Iterator[Registered]:
    registrations = list(_registrations(modules, config))
    if not registrations and config.app is None:
        yield from search.in_package()
    for entry in registrations:
        row = search.behind(entry)
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


def _types(modules: Modules, package: str) -> dict[str, str]:
    path = modules.path_of(f"{package}.protocols")
    return member_values(modules.tree(path), "OrchestrationType") if path is not None else {}


def _rank(layer: str | None) -> int:
    return LAYERS.index(layer) if layer in LAYERS else len(LAYERS)
