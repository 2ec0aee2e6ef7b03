"""What the receiver of a call is proven to be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from orchestra_codemods import wiring
from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.migrations.accessors import construction
from orchestra_codemods.migrations.facade.file import CallerFile, Function
from orchestra_codemods.migrations.facade.stable import Handed, handed_out, of_variable
from orchestra_codemods.migrations.facade.touched import Touch, Touched
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.names import (
    BindingKind,
    Definition,
    Guard,
    ImportSite,
    dotted_name,
    every_node,
    files_with,
    names_of,
    parse,
)
from orchestra_codemods.project import Project


@dataclass(frozen=True, slots=True)
class Receiver:
    """An instance of exactly the class.

    ``why_not_registered`` is empty where it is the one that the facade has under the name. ``is_call`` says
    that it is had, perhaps for the first time, where the call stands. ``imported`` is the statement from
    which the file has it.
    """

    why_not_registered: str
    is_call: bool = False
    imported: ImportSite | None = None


class Receivers:
    """Judges the receivers of calls of one orchestrator."""

    def __init__(
        self, project: Project, placement: Placement, target: LegacyOrchestrator, touched: Touched
    ) -> None:
        self._project = project
        self._placement = placement
        self._target = target
        self._touched = touched
        self._source = project.sources[placement.path]
        self._names = names_of(project)

    def of(self, file: CallerFile, node: ast.expr) -> Receiver | str:
        """Return what an expression is proven to be, or why nothing is proven."""
        if self._is_loaded_anew:
            return f"others load {self._placement.module} anew, or put another module in its place"
        if isinstance(node, ast.Name):
            return self._name(file, node)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return self._attribute(file, node, node.value)
        if isinstance(node, ast.Call):
            return self._call(file, node)
        return "what it is called on is no plain variable, attribute or accessor call"

    def touch(self, name: str, file: CallerFile, *more: str) -> Touch:
        """Return what others put in the place of a name, as far as it concerns a caller."""
        paths = {file.path, self._placement.path, *more}
        return self._touched.of(name, self._target.class_name, paths)

    def is_patched(self, method: str) -> bool:
        """Tell whether others put something in the place of a method of the class."""
        return self._touched.is_method(method, self._target.class_name)

    # the instance that the facade will have

    @cached_property
    def _tree(self) -> ast.Module:
        return parse(self._source.text)

    @cached_property
    def _is_loaded_anew(self) -> bool:
        return self._touched.is_loaded_anew(self._placement.module)

    @cached_property
    def _factory(self) -> str:
        """The accessor or variable that the factory in the wiring returns; empty for anything else."""
        if self._target.name in self._project.config.factories or self._is_wired:
            return ""
        (statement,) = parse(construction(self._source.text, self._target)[1][0]).body[:1] or (None,)
        value = getattr(statement, "value", None) if _is_return(statement) else None
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
            return value.func.id if value.func.id != self._target.class_name else ""
        return value.id if isinstance(value, ast.Name) else ""

    @cached_property
    def _is_wired(self) -> bool:
        """Whether the wiring had this name before: then a person wrote the factory."""
        found = self._names.index.find(self._project.config.package)
        path = (found.path or "").rpartition("/")[0] + "/orchestrators.py" if found else ""
        return path in self._project.sources and self._target.name in wiring.registered_names(
            self._project.sources[path].text
        )

    # expressions

    def _name(self, file: CallerFile, node: ast.Name) -> Receiver | str:
        scope, bindings = file.bindings(node.id, file.scope_of(node))
        kinds = {each.kind for each in bindings}
        if BindingKind.PARAMETER in kinds:
            return f"what is passed in as `{node.id}` is not known"
        if scope == 0 or kinds == {BindingKind.IMPORT}:
            return self._variable(file, node)
        function = file.function_of(node)
        if scope != file.function_scope(file.scope_of(node)) or function is None:
            return f"`{node.id}` belongs to another function"
        if len(bindings) != 1 or _is_rebound(function, node.id):
            return f"`{node.id}` is assigned more than once"
        value = _assigned_before(file, function, node)
        if value is None:
            return f"`{node.id}` may not be what it was assigned"
        found = self.of(file, value)
        return found if isinstance(found, str) else replace(found, is_call=False)

    def _attribute(self, file: CallerFile, node: ast.Attribute, holder: ast.Name) -> Receiver | str:
        function = file.function_of(node)
        around = file.class_of(function) if function is not None else None
        if function is None or around is None or _own(function) != holder.id:
            return "it is an attribute of something whose history is not known"
        if _has_open_attributes(around):
            return f"{around.name} has attributes whose names only the running program knows"
        stores = [each for each in every_node(around) if _is_own_store(file, each, node.attr)]
        if len(stores) != 1 or _in_body(around, node.attr):
            times = "more than once" if stores else "in another class"
            return f"`{holder.id}.{node.attr}` is assigned {times}"
        statement = file.parents[stores[0]]
        owner = file.parents.get(statement)
        value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
        if value is None or not (isinstance(owner, Function) and owner.name == "__init__"):
            return f"`{holder.id}.{node.attr}` is not always what it was assigned"
        if self.touch(node.attr, file) or self._relative_assigns(around, node.attr):
            return f"`{holder.id}.{node.attr}` is assigned elsewhere as well"
        found = self.of(file, value)
        return found if isinstance(found, str) else replace(found, is_call=False)

    def _call(self, file: CallerFile, node: ast.Call) -> Receiver | str:
        found = self._resolved(file, node.func)
        if isinstance(found, str):
            return found
        definition, site = found
        given: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
        if definition.name == self._target.class_name:
            return self._construction(file, definition, site)
        handed = self._handed(definition.name)
        if isinstance(handed, str):
            return handed
        if given and not (len(given) == 1 and _is_true(given[0])):
            return f"{definition.name} is called with arguments"
        return self._judged(file, definition, handed, site)

    def _variable(self, file: CallerFile, node: ast.Name) -> Receiver | str:
        found = self._resolved(file, node)
        if isinstance(found, str):
            return found
        definition, site = found
        if definition.name == self._target.class_name:
            return "it is called on the class"
        handed = of_variable(self._tree, definition.name, self._target.class_name)
        if isinstance(handed, str):
            return handed
        judged = self._judged(file, definition, handed, site)
        return judged if isinstance(judged, str) else replace(judged, is_call=False)

    def _resolved(self, file: CallerFile, node: ast.expr) -> tuple[Definition, ImportSite | None] | str:
        dotted = dotted_name(node)
        if not dotted:
            return "what it is called on is no plain variable, attribute or accessor call"
        _, bindings = file.bindings(dotted.partition(".")[0], file.scope_of(node))
        if len(bindings) > 1 or any(each.guard is not Guard.NONE for each in bindings):
            return f"`{dotted}` may mean something else"
        found = self._names.resolver.resolve(file.path, dotted, file.scope_of(node))
        if not isinstance(found, Definition) or found.is_fallible or found.path != self._placement.path:
            return f"where `{dotted}` comes from is not known"
        if found.module != self._placement.module:
            return f"`{dotted}` comes from {found.module}, another copy of the module"
        if file.path != self._placement.path and not bindings:
            return f"`{dotted}` comes through a star import"
        site = file.facts.imports[bindings[0].site] if bindings and bindings[0].site >= 0 else None
        return found, site

    def _construction(
        self, file: CallerFile, definition: Definition, site: ImportSite | None
    ) -> Receiver | str:
        name = self._target.class_name
        if self.touch(name, file, *definition.through):
            return f"tests or others put something else in the place of {name}"
        shape = next(
            (one for one in self._tree.body if isinstance(one, ast.ClassDef) and one.name == name), None
        )
        if shape is None or any(getattr(one, "name", "") == "__new__" for one in shape.body):
            return f"{name}.__new__ decides what a construction gives"
        return Receiver(f"it is a {name} of its own", is_call=True, imported=site)

    def _handed(self, name: str) -> Handed | str:
        functions = [one for one in self._tree.body if getattr(one, "name", "") == name]
        if len(functions) != 1 or not isinstance(functions[0], ast.FunctionDef):
            return f"what `{name}` hands out is not known"
        return handed_out(self._tree, functions[0], self._target.class_name)

    def _judged(
        self, file: CallerFile, definition: Definition, handed: Handed, site: ImportSite | None
    ) -> Receiver | str:
        through = definition.through
        for name in {definition.name, self._target.class_name}:
            is_variable = name == handed.variable
            if not is_variable and self.touch(name, file, *through):
                return f"tests or others put something else in the place of {name}"
        touch = self.touch(handed.variable, file, *through) if handed.variable else Touch.NOTHING
        if touch is Touch.ANYTHING:
            return f"tests or others put something else into {handed.variable}"
        why = handed.why_not
        if definition.name != self._factory:
            why = why or f"the wiring does not take it from {definition.name}"
        if touch:
            why = why or f"others reset {handed.variable}"
        if handed.variable is None and files_with(self._project, ["cache_clear"]):
            why = why or f"the cache of {definition.name} may be cleared"
        return Receiver(why, is_call=True, imported=site)

    def _relative_assigns(self, around: ast.ClassDef, attribute: str) -> bool:
        """Tell whether a base or an heir of a class, by their names, assigns or defines an attribute too."""
        up, down = list(map(_last, around.bases)), [around.name]
        seen = {around.name}
        while up or down:
            is_up = bool(up)
            name = (up or down).pop()
            for node in self._classes_naming(name):
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

    def _classes_naming(self, name: str) -> Iterator[ast.ClassDef]:
        for path in files_with(self._project, [name], self._project.sources.python_paths()):
            try:
                tree = parse(self._project.sources[path].text)
            except (SyntaxError, ValueError, RecursionError):
                continue
            yield from (node for node in every_node(tree) if isinstance(node, ast.ClassDef))


def _stores(node: ast.ClassDef, attribute: str) -> bool:
    return any(
        isinstance(each, ast.Attribute) and each.attr == attribute and not isinstance(each.ctx, ast.Load)
        for each in every_node(node)
    )


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


def _own(function: Function) -> str:
    arguments = [*function.args.posonlyargs, *function.args.args]
    return arguments[0].arg if arguments else ""


def _last(node: ast.expr) -> str:
    return (dotted_name(node) or "").rpartition(".")[2]


def _is_true(node: ast.expr | ast.keyword) -> bool:
    value = node.value if isinstance(node, ast.keyword) else node
    is_named = isinstance(node, ast.keyword) and node.arg == "auto_create"
    return is_named and isinstance(value, ast.Constant) and value.value is True


def _is_return(node: ast.stmt | None) -> bool:
    return isinstance(node, ast.Return)
