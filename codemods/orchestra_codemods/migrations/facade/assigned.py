"""What a local variable or an attribute was assigned, where it cannot be anything else."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.migrations.facade.file import CallerFile, Function
from orchestra_codemods.names import dotted_name, every_node, parse, python_files_with
from orchestra_codemods.project import Project


def assigned_local(file: CallerFile, function: Function, name: ast.Name) -> ast.expr | str | None:
    """Return what a local of a function is where it is read, or why that is not known; None if rebound."""
    if _is_rebound(function, name.id):
        return None
    return _assigned_before(file, function, name) or f"`{name.id}` may not be what it was assigned"


def assigned_attribute(
    project: Project, file: CallerFile, node: ast.Attribute, holder: str
) -> ast.expr | str:
    """Return what `self.x` is assigned, once, in the constructor of its class, or why it may be another."""
    function = file.function_of(node)
    around = file.class_of(function) if function is not None else None
    if function is None or around is None or _own(function) != holder:
        return "it is an attribute of something whose history is not known"
    written = f"`{holder}.{node.attr}`"
    if _has_open_attributes(around):
        return f"{around.name} has attributes whose names only the running program knows"
    stores = [each for each in every_node(around) if _is_own_store(file, each, node.attr)]
    if len(stores) != 1 or _in_body(around, node.attr):
        return f"{written} is assigned {'more than once' if stores else 'in another class'}"
    statement = file.parents[stores[0]]
    owner = file.parents.get(statement)
    value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
    if value is None or not (isinstance(owner, Function) and owner.name == "__init__"):
        return f"{written} is not always what it was assigned"
    if _relative_assigns(project, around, node.attr):
        return f"{written} is assigned elsewhere as well"
    return value


def _assigned_before(file: CallerFile, function: Function, name: ast.Name) -> ast.expr | None:
    """Return what a local was assigned by a statement that has always run before a use of it."""
    for node in every_node(function):
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if len(targets) != 1 or not isinstance(targets[0], ast.Name) or targets[0].id != name.id:
            continue
        holder = file.parents[node]
        block = next(
            (
                part
                for part in (getattr(holder, field, None) for field in ("body", "orelse", "finalbody"))
                if isinstance(part, list) and node in part
            ),
            [],
        )
        later = set(block[block.index(node) + 1 :]) if node in block else set()
        return node.value if any(each in later for each in file.around(name)) else None
    return None


def _is_rebound(function: Function, name: str) -> bool:
    """Tell whether a local is stored or deleted more than once, inner functions included."""
    nodes = every_node(function)
    stores = [
        each
        for each in nodes
        if isinstance(each, ast.Name) and each.id == name and not isinstance(each.ctx, ast.Load)
    ]
    shared = [each for each in nodes if isinstance(each, ast.Nonlocal | ast.Global) and name in each.names]
    return len(stores) + len(shared) != 1


def _is_own_store(file: CallerFile, node: ast.AST, attribute: str) -> bool:
    if not isinstance(node, ast.Attribute) or node.attr != attribute or isinstance(node.ctx, ast.Load):
        return False
    owners = [each for each in file.around(node) if isinstance(each, Function)]
    return isinstance(node.value, ast.Name) and node.value.id in {*map(_own, owners), "self"}


def _has_open_attributes(node: ast.ClassDef) -> bool:
    """Tell whether a class sets attributes by names that its text does not show."""
    return any(
        (isinstance(each, ast.Attribute) and each.attr in ("__dict__", "__setattr__"))
        or (isinstance(each, ast.Name) and each.id in ("setattr", "vars", "delattr"))
        or (isinstance(each, Function) and each.name in ("__setattr__", "__getattribute__"))
        for each in every_node(node)
    )


def _in_body(node: ast.ClassDef, name: str) -> bool:
    """Tell whether a class body defines or assigns a name."""
    for each in node.body:
        targets = each.targets if isinstance(each, ast.Assign) else [getattr(each, "target", None)]
        if getattr(each, "name", "") == name or any(getattr(one, "id", "") == name for one in targets):
            return not (isinstance(each, ast.AnnAssign) and each.value is None)
    return False


def _relative_assigns(project: Project, around: ast.ClassDef, attribute: str) -> bool:
    """Tell whether a base or an heir of a class, by their names, assigns or defines an attribute too."""
    up, down = list(map(_last, around.bases)), [around.name]
    seen = {around.name}
    while up or down:
        is_up = bool(up)
        name = (up or down).pop()
        for node in _classes_naming(project, name):
            is_base, is_heir = is_up and node.name == name, not is_up and name in map(_last, node.bases)
            if node.name in seen or not (is_base or is_heir):
                continue
            seen.add(node.name)
            if _in_body(node, attribute) or _stores(node, attribute):
                return True
            if is_base:
                up += map(_last, node.bases)
            else:
                down.append(node.name)
    return False


def _classes_naming(project: Project, name: str) -> Iterator[ast.ClassDef]:
    for path in python_files_with(project, [name]):
        try:
            tree = parse(project.sources.text(path))
        except (SyntaxError, ValueError, RecursionError):
            continue
        yield from (node for node in every_node(tree) if isinstance(node, ast.ClassDef))


def _stores(node: ast.ClassDef, attribute: str) -> bool:
    return any(
        isinstance(each, ast.Attribute) and each.attr == attribute and not isinstance(each.ctx, ast.Load)
        for each in every_node(node)
    )


def _own(function: Function) -> str:
    arguments = [*function.args.posonlyargs, *function.args.args]
    return arguments[0].arg if arguments else ""


def _last(node: ast.expr) -> str:
    return (dotted_name(node) or "").rpartition(".")[2]
