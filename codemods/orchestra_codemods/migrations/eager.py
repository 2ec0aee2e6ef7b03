"""What a constructor imports and builds, and why that cannot come later where it cannot.

The reason stands in the report of `--lazy` and on the page of the orchestrator.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from orchestra_codemods.inventory.model import Dependency, LegacyOrchestrator
from orchestra_codemods.migrations.lineage import key_of, subclasses_of
from orchestra_codemods.migrations.quiet import Quiet, loud_import, quiet_call
from orchestra_codemods.migrations.shape import shapes_in
from orchestra_codemods.migrations.watched import who_looks_at_all, who_replaces, who_writes
from orchestra_codemods.names import (
    Definition,
    ImportSite,
    Offsets,
    absolute_name,
    dotted_name,
    every_node,
    names_of,
    parse,
)
from orchestra_codemods.project import Project

Dependencies = Literal["eager", "lazy"]
_HOOKS = {"__getattr__", "__getattribute__", "__setattr__", "__delattr__", "__slots__"}


@dataclass(frozen=True, slots=True)
class Eager:
    """Something that a constructor imports or builds, and the ``attribute`` that it is kept in.

    ``why`` says why it goes on doing so; it is empty where nobody can see that it does not.
    """

    name: str
    line: int
    why: str = ""
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Built:
    """`self.attribute = parameter or name()`, with what the attribute is set to without the call."""

    statement: ast.Assign
    attribute: str
    name: str
    given: str | None


def eager_of(project: Project, target: LegacyOrchestrator, moving: Collection[str]) -> Iterator[Eager]:
    """Yield what a constructor imports and builds, each with the reason why it stays, if it does.

    ``moving`` are the files of which classes become orchestrators in the same run.
    """
    found = [each for each in target.dependencies if each.how.startswith("eager")]
    if not found:
        return
    judge = Judge(project, target, moving)
    built = {each.name for each in found if each.how == "eager-construction"}
    for each in found:
        if each.how == "eager-construction":
            yield judge.of(each)
        elif each.name not in built:
            yield Eager(each.name, each.line, "it is imported there for something else than an attribute")


class Judge:
    """Judges what one constructor builds."""

    def __init__(self, project: Project, target: LegacyOrchestrator, moving: Collection[str]) -> None:
        self.project, self.target, self.moving = project, target, moving
        self.names = names_of(project)
        text = project.sources[target.path].text
        self.offsets = Offsets(text)
        self.node = [
            each
            for each in parse(text).body
            if isinstance(each, ast.ClassDef) and each.name == target.class_name
        ][-1]
        self.constructor = [
            each for each in self.node.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"
        ][-1]
        self.built = {each.attribute: each for each in self._built()}
        self.facts = self.names.facts(target.path)
        self._looks: str | None = None

    def of(self, dependency: Dependency) -> Eager:
        """Return what is to be said of one construction."""
        ours = [
            each
            for each in self.built.values()
            if each.name == dependency.name
            and each.statement.lineno <= dependency.line <= (each.statement.end_lineno or 0)
        ]
        if len(ours) != 1:
            why = "it is not of the form `self.x = C()` or `self.x = x or C()`, in the constructor itself"
            return Eager(dependency.name, dependency.line, why)
        one = ours[0]
        return Eager(one.name, dependency.line, self._why(one), one.attribute)

    def source_of(self, built: Built) -> str:
        """Return what `lazy` is given: where the import stands in the constructor, its path."""
        site = self.site_of(built.name)
        if site is None:
            return built.name
        imported = next(each for each in site.names if each.bound == built.name)
        return f'"{self._module_of(site)}:{imported.name}"'

    def comment_of(self, built: Built) -> str:
        """Return the comment behind a statement that goes, to stand behind what takes its place."""
        behind = self.offsets.text[self.offsets.place(built.statement).end :].splitlines()
        return behind[0].rstrip() if behind and built.given is None else ""

    def site_of(self, name: str) -> ImportSite | None:
        """Return the import of a name that stands in the constructor."""
        place = self.offsets.place(self.constructor)
        assert self.facts is not None
        for site in self.facts.imports:
            if place.start <= site.place.start < place.end and any(each.bound == name for each in site.names):
                return site
        return None

    def _why(self, built: Built) -> str:
        """Return why one thing cannot be built later; what has to look at many files comes last."""
        return (
            self._why_not_the_class()
            or self._why_called(built)
            or self._why_looked_at()
            or who_writes(self.project, self.target, built.attribute, built.statement)
        )

    def _why_not_the_class(self) -> str:
        """Return why nothing of the class can be built later."""
        shape = shapes_in(self.project.sources[self.target.path].text, self.target.class_name)[-1]
        if shape.bases or list(subclasses_of(self.project, key_of(self.target))):
            return "other classes stand above or below, and share its attributes"
        if _HOOKS & set(shape.class_names) or shape.any_name is not None or shape.whole_dict is not None:
            return "the class decides itself what it is to set or to read an attribute"
        if self.constructor.decorator_list or shape.constructor is None or shape.constructor.is_inline:
            return "the constructor is decorated, or stands on one line"
        return ""

    def _why_looked_at(self) -> str:
        if self._looks is None:
            looks = who_looks_at_all(self.project, self.target)
            self._looks = f"{looks}, which may look at all that an instance holds" if looks else ""
        return self._looks

    def _why_called(self, built: Built) -> str:
        found = self.names.resolver.resolve(self.target.path, built.name, self._scope())
        if not isinstance(found, Definition):
            return "it does not come from this project, so what it does when it is built is not known"
        if self._moves(built.name):
            return "its module is migrated in the same run"
        called = quiet_call(self.project, self.names, found)
        if not isinstance(called, Quiet):
            return f"it {called}"
        if built.attribute in {each for each, _ in _bound(self.node)}:
            return f"the class has a {built.attribute} of its own"
        why = self._why_imported(built)
        modules = frozenset({found.module})
        return why or who_replaces(self.project, called.names | {built.name.rpartition(".")[2]}, modules)

    def _why_imported(self, built: Built) -> str:
        site = self.site_of(built.name)
        if site is None:
            return self._why_not_there(built.name)
        places = {self.offsets.place(each).start: each for each in self.constructor.body}
        behind = self.offsets.text[site.place.end :].partition("\n")[0].strip()
        if behind or site.place.start not in places or not self._stands_alone(places[site.place.start]):
            return "its import stands in a branch or under `try`, which decides what happens without it"
        uses = [
            each
            for each in every_node(self.constructor)
            if isinstance(each, ast.Name) and each.id == built.name
        ]
        module = self._module_of(site)
        if len(uses) != 1 or module is None or not site.is_from:
            return "what is imported there is used more than once, or as a module"
        if any(self._moves(each.bound) for each in site.names):
            return "another name of its import is migrated in the same run"
        own = self.names.index.module(self.target.path)
        loaded = [own.name] if own is not None else []
        return loud_import(self.project, self.names, module, loaded)

    def _why_not_there(self, name: str) -> str:
        """Return why a name is not there when the body of the class runs."""
        top = self.offsets.place(self.node).start
        bound = self.names.resolver.bindings(self.target.path, name.partition(".")[0])
        is_there = len(bound) == 1 and bound[0].place.start < top
        plain = [
            each for each in parse(self.offsets.text).body if isinstance(each, ast.Import | ast.ImportFrom)
        ]
        places = [self.offsets.place(each) for each in plain]
        is_plain = (
            any(each.start <= bound[0].place.start < each.end for each in places) if is_there else False
        )
        return "" if is_plain and "." not in name else "its name is not plainly imported above the class"

    def _module_of(self, site: ImportSite) -> str | None:
        own = self.names.index.module(self.target.path)
        if not site.level or own is None:
            return site.module
        return absolute_name(site.module, site.level, own.package)

    def _stands_alone(self, statement: ast.stmt) -> bool:
        """Tell whether a statement shares its lines with nothing but a comment at its end."""
        place, text = self.offsets.place(statement), self.offsets.text
        before = text[text.rfind("\n", 0, place.start) + 1 : place.start]
        behind = text[place.end :].partition("\n")[0].strip()
        is_alone = not before.strip() and (not behind or behind.startswith("#"))
        return is_alone and "#" not in text[place.start : place.end]

    def _moves(self, name: str) -> bool:
        """Tell whether a name comes by a file of which classes become orchestrators in the same run."""
        found = self.names.resolver.resolve(self.target.path, name, self._scope())
        paths = {found.path, *found.through} if isinstance(found, Definition) else set()
        return bool((paths - {self.target.path}) & set(self.moving))

    def _scope(self) -> int:
        assert self.facts is not None
        wanted = f"{self.target.class_name}.__init__"
        return next((number for number, each in enumerate(self.facts.scopes) if each.name == wanted), 0)

    def _built(self) -> Iterator[Built]:
        own = self.constructor.args.args[0].arg if self.constructor.args.args else ""
        given = {each.arg for each in ast.walk(self.constructor.args) if isinstance(each, ast.arg)}
        for statement in self.constructor.body:
            match statement:
                case ast.Assign(
                    targets=[ast.Attribute(value=ast.Name(id=holder), attr=attribute)], value=value
                ) if holder == own:
                    found = _called(value, given)
                    if found is not None and self._stands_alone(statement):
                        yield Built(statement, attribute, *found)


def _called(value: ast.expr, given: Collection[str]) -> tuple[str, str | None] | None:
    """Return what is called without arguments, and what stands for the attribute where it is not."""
    match value:
        case ast.Call(func=function, args=[], keywords=[]):
            name = dotted_name(function)
            return (name, None) if name else None
        case ast.BoolOp(
            op=ast.Or(), values=[ast.Name(id=parameter), ast.Call(func=function, args=[], keywords=[])]
        ):
            name = dotted_name(function)
            return (name, f"{parameter} or None") if name and parameter in given else None
        case ast.IfExp(
            test=ast.Compare(
                left=ast.Name(id=asked), ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]
            ),
            body=ast.Name(id=parameter),
            orelse=ast.Call(func=function, args=[], keywords=[]),
        ) if asked == parameter:
            name = dotted_name(function)
            return (name, parameter) if name and parameter in given else None
    return None


def _bound(node: ast.ClassDef) -> Iterator[tuple[str, int]]:
    for each in node.body:
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield each.name, each.lineno
        else:
            yield from ((one.id, one.lineno) for one in every_node(each) if isinstance(one, ast.Name))
