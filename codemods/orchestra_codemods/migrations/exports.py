"""What a layer package exports, by name and lazily."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from orchestra_codemods.change import Edit
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.names import BindingKind, Names, Offsets, names_of, parse
from orchestra_codemods.project import Project


def export_edits(project: Project, path: str, placements: Sequence[Placement]) -> Iterator[Edit]:
    """Yield the edit of a layer's `__init__.py` which lets it export the targets' classes and accessors.

    An accessor is exported only where its name is the layer's only one.
    """
    source = project.sources[path]
    table = _table(source.text)
    if table is None:
        return
    known = _entries(table)
    wanted = {
        name: module for name, module in _wanted(names_of(project), placements).items() if name not in known
    }
    if not wanted:
        return
    start = Offsets(source.text).place(table).start + 1
    lines = "".join(f'\n    "{name}": "{module}",' for name, module in sorted(wanted.items()))
    text = lines if known else f"{lines}\n"
    yield Edit(start, start, text.replace("\n", source.newline))


def has_table(text: str) -> bool:
    """Tell whether a package has the table of exports that `orchestra init` writes."""
    return _table(text) is not None


def _wanted(names: Names, placements: Sequence[Placement]) -> Mapping[str, str]:
    wanted: dict[str, str] = {}
    accessors: dict[str, set[str]] = {}
    for placement in placements:
        stem = placement.new_module.rpartition(".")[2]
        module = f".{stem}" if placement.is_move else placement.new_module
        for target in placement.targets:
            wanted.setdefault(target.class_name, module)
            for accessor in target.accessors:
                if _is_function_of(names, placement.path, accessor.name):
                    accessors.setdefault(accessor.name, set()).add(module)
    unique = {name: modules.pop() for name, modules in accessors.items() if len(modules) == 1}
    return {**unique, **wanted}


def _is_function_of(names: Names, path: str, name: str) -> bool:
    bindings = names.resolver.bindings(path, name)
    return bool(bindings) and all(binding.kind is BindingKind.FUNCTION for binding in bindings)


def _table(text: str) -> ast.Dict | None:
    for node in parse(text).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == "_EXPORTS" for target in targets):
                return node.value
    return None


def _entries(table: ast.Dict) -> set[str]:
    return {str(key.value) for key in table.keys if isinstance(key, ast.Constant)}
