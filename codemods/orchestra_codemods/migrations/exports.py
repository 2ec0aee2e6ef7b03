"""What a layer package exports, by name and lazily."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from orchestra_codemods import wiring
from orchestra_codemods.change import Edit
from orchestra_codemods.migrations.adapters import adapter_name
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.names import BindingKind, Names, names_of
from orchestra_codemods.project import Project


def export_edits(project: Project, path: str, placements: Sequence[Placement]) -> Iterator[Edit]:
    """Return the edits of a layer's `__init__.py` which lets it export the targets' classes and accessors.

    An accessor is exported only where its name is the layer's only one, and nothing that is private.
    """
    wanted = _wanted(names_of(project), placements)
    public = {name: module for name, module in wanted.items() if not name.startswith("_")}
    return wiring.export_edits(project.sources[path], public)


def has_table(text: str) -> bool:
    """Tell whether a package has the table of exports that `orchestra init` writes."""
    return wiring.export_table(text) is not None


def _wanted(names: Names, placements: Sequence[Placement]) -> Mapping[str, str]:
    wanted: dict[str, str] = {}
    accessors: dict[str, set[str]] = {}
    for placement in placements:
        stem = placement.new_module.rpartition(".")[2]
        is_inside = placement.is_move or placement.taken_from is not None
        module = f".{stem}" if is_inside else placement.new_module
        for target in placement.targets:
            if placement.is_adapter:
                wanted.setdefault(adapter_name(target), f".{stem}")
                continue
            wanted.setdefault(target.class_name, module)
            for accessor in target.accessors:
                for path, home in _homes(placement, module):
                    if _is_function_of(names, path, accessor.name):
                        accessors.setdefault(accessor.name, set()).add(home)
    unique = {name: modules.pop() for name, modules in accessors.items() if len(modules) == 1}
    return {**unique, **wanted}


def _homes(placement: Placement, module: str) -> Iterator[tuple[str, str]]:
    """Yield the files in which accessors of the targets may be, with their modules."""
    yield placement.path, module
    if placement.taken_from is not None:
        yield placement.taken_from


def _is_function_of(names: Names, path: str, name: str) -> bool:
    bindings = names.resolver.bindings(path, name)
    return bool(bindings) and all(binding.kind is BindingKind.FUNCTION for binding in bindings)
