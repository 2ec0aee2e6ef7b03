"""What the receiver of a call is proven to be."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from functools import cached_property

from orchestra_codemods import wiring
from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.migrations.accessors import construction
from orchestra_codemods.migrations.facade.assigned import assigned_attribute, assigned_local
from orchestra_codemods.migrations.facade.file import CallerFile
from orchestra_codemods.migrations.facade.stable import Handed, handed_out, of_variable
from orchestra_codemods.migrations.facade.touched import Touch, Touched
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.names import (
    BindingKind,
    Definition,
    Guard,
    ImportSite,
    dotted_name,
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
        value = assigned_local(file, function, node) if len(bindings) == 1 else None
        if value is None:
            return f"`{node.id}` is assigned more than once"
        if isinstance(value, str):
            return value
        found = self.of(file, value)
        return found if isinstance(found, str) else replace(found, is_call=False)

    def _attribute(self, file: CallerFile, node: ast.Attribute, holder: ast.Name) -> Receiver | str:
        value = assigned_attribute(self._project, file, node, holder.id)
        if isinstance(value, str):
            return value
        if self.touch(node.attr, file):
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


def _is_true(node: ast.expr | ast.keyword) -> bool:
    value = node.value if isinstance(node, ast.keyword) else node
    is_named = isinstance(node, ast.keyword) and node.arg == "auto_create"
    return is_named and isinstance(value, ast.Constant) and value.value is True


def _is_return(node: ast.stmt | None) -> bool:
    return isinstance(node, ast.Return)
