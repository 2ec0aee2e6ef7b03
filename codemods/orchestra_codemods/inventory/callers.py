"""Every reference to an orchestrator in one file, by form."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orchestra_codemods.inventory.calls import problem_of_call
from orchestra_codemods.inventory.model import Caller, Form
from orchestra_codemods.inventory.values import Evaluator, Key, Value, instances
from orchestra_codemods.inventory.view import View
from orchestra_codemods.names import Place, children

_TEXT_LENGTH = 120
_DUCKS = {"hasattr", "getattr", "setattr", "delattr"}
_WHOLE = {"vars", "dir", "getmembers", "getmembers_static"}
_ONE_OF_DICT = {"get", "setdefault", "pop"}


DUCK_TYPING = "duck typing"
LOOKS_AT_ALL = "looks at all attributes"


@dataclass(frozen=True, slots=True)
class _Site:
    node: ast.expr
    parents: tuple[ast.AST, ...]
    scope: int
    is_annotation: bool


def callers_in(
    evaluator: Evaluator,
    view: View,
    targets: frozenset[Key],
    accessors: Mapping[Key, list[Key]],
) -> Iterator[tuple[Key, Caller]]:
    """Yield the references in a file, each with the class it is to, in the order of the text.

    ``accessors`` maps a function to the classes that it leads to. Left out are a class's own methods and
    the bodies of its accessors.
    """
    finder = _Finder(evaluator, view, targets, accessors)
    found = [pair for site in _sites(view, finder.own) for pair in finder.examine(site)]
    yield from sorted(found, key=lambda pair: (pair[1].line, pair[1].column, pair[0]))


class _Finder:
    def __init__(
        self, evaluator: Evaluator, view: View, targets: frozenset[Key], accessors: Mapping[Key, list[Key]]
    ) -> None:
        self.evaluator = evaluator
        self.view = view
        self.targets = targets
        self.accessors = accessors
        self.own = {name for path, name in targets if path == view.path}
        own_accessors = (key for key, led in accessors.items() if any(target[0] == key[0] for target in led))
        self.own |= {name for path, name in own_accessors if path == view.path}

    def examine(self, site: _Site) -> Iterator[tuple[Key, Caller]]:
        node = site.node
        if isinstance(node, ast.Call):
            yield from self._duck(site, node)
            return
        if isinstance(node, ast.Attribute):
            yield from self._attribute(site, node)
        if not (site.parents and isinstance(site.parents[-1], ast.Attribute)):
            for value in sorted(
                self.evaluator.of(self.view, node, site.scope), key=lambda each: (each.kind, each.key)
            ):
                yield from self._named(site, value)

    def _attribute(self, site: _Site, node: ast.Attribute) -> Iterator[tuple[Key, Caller]]:
        if isinstance(node.value, ast.Name) and self._is_own_receiver(site, node.value):
            return
        values = self.evaluator.of(self.view, node.value, site.scope)
        held = [value for value in instances(values) if value.key in self.targets]
        is_torn = len({value.key for value in instances(values)}) > 1
        for value in held:
            problem = "a variable of two types" if is_torn else None
            yield value.key, self._use(site, node, value, problem)
        for value in values:
            if value.kind == "class" and value.key in self.targets:
                yield value.key, self._class_use(site, node)

    def _is_own_receiver(self, site: _Site, node: ast.Name) -> bool:
        functions = [
            each for each in site.parents if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        first = [each.args.args[0].arg for each in functions if each.args.args]
        return (
            node.id in ("self", "cls")
            and node.id in first
            and any(isinstance(each, ast.ClassDef) for each in site.parents)
        )

    def _use(self, site: _Site, node: ast.Attribute, value: Value, problem: str | None) -> Caller:
        parent = site.parents[-1] if site.parents else None
        if not isinstance(node.ctx, ast.Load):
            form = Form.ATTRIBUTE_WRITE
        elif isinstance(parent, ast.Call) and parent.func is node:
            is_awaited = len(site.parents) > 1 and isinstance(site.parents[-2], ast.Await)
            problem = problem or problem_of_call(
                self.evaluator, value.key, parent, node.attr, is_awaited=is_awaited
            )
            if node.attr.startswith("_"):
                form = Form.PRIVATE_CALL
            else:
                form = Form.CALL_AWAITED if is_awaited else Form.CALL
        else:
            form = Form.ATTRIBUTE_READ
            if node.attr == "__dict__" and not _is_about_one_name(parent):
                problem = LOOKS_AT_ALL
        return self._caller(site, form, node.attr, problem, is_registered=value.is_shared)

    def _class_use(self, site: _Site, node: ast.Attribute) -> Caller:
        parent = site.parents[-1] if site.parents else None
        if not isinstance(node.ctx, ast.Load):
            form = Form.ATTRIBUTE_WRITE
        elif isinstance(parent, ast.Call) and parent.func is node:
            form = Form.STATIC_CALL
        else:
            form = Form.ATTRIBUTE_READ
        return self._caller(site, form, node.attr)

    def _named(self, site: _Site, value: Value) -> Iterator[tuple[Key, Caller]]:
        if value.kind not in ("class", "function"):
            return
        parent = site.parents[-1] if site.parents else None
        is_called = isinstance(parent, ast.Call) and parent.func is site.node
        name = ast.unparse(site.node)
        if value.kind == "class" and value.key in self.targets:
            if is_called and isinstance(parent, ast.Call):
                problem = problem_of_call(self.evaluator, value.key, parent, "__init__", is_awaited=False)
                yield value.key, self._caller(site, Form.CONSTRUCTION, name, problem)
            else:
                yield value.key, self._caller(site, self._form_of_class(site), name)
        elif value.kind == "function":
            for target in self.accessors.get(value.key, ()):
                form = Form.ACCESSOR_CALL if is_called else Form.ACCESSOR_AS_VALUE
                yield target, self._caller(site, form, name)

    def _form_of_class(self, site: _Site) -> Form:
        if site.is_annotation:
            return Form.ANNOTATION
        parent = site.parents[-1] if site.parents else None
        if isinstance(parent, ast.ClassDef) and site.node in parent.bases:
            return Form.SUBCLASS
        return Form.CLASS_AS_VALUE

    def _duck(self, site: _Site, node: ast.Call) -> Iterator[tuple[Key, Caller]]:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if (name or getattr(node.func, "attr", "")) in _WHOLE and node.args:
            yield from self._whole(site, node, name or getattr(node.func, "attr", ""))
        if name not in _DUCKS or len(node.args) < 2 or not isinstance(node.args[1], ast.Constant):
            return
        form = Form.ATTRIBUTE_WRITE if name in ("setattr", "delattr") else Form.ATTRIBUTE_READ
        for value in instances(self.evaluator.of(self.view, node.args[0], site.scope)):
            if value.key in self.targets and not self._is_own_receiver_expression(site, node.args[0]):
                yield value.key, self._caller(site, form, str(node.args[1].value), DUCK_TYPING)

    def _whole(self, site: _Site, node: ast.Call, name: str) -> Iterator[tuple[Key, Caller]]:
        """Yield a look at all attributes; `vars` of a class has none of its bases."""
        for value in self.evaluator.of(self.view, node.args[0], site.scope):
            is_meant = value.kind == "instance" or (value.kind == "class" and name != "vars")
            if value.key in self.targets and is_meant:
                yield value.key, self._caller(site, Form.ATTRIBUTE_READ, name, LOOKS_AT_ALL)

    def _is_own_receiver_expression(self, site: _Site, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and self._is_own_receiver(site, node)

    def _place(self, site: _Site) -> Place:
        """Return where a reference stands: an f-string as a whole, where the parser misplaces its parts."""
        place = self.view.offsets.place(site.node)
        last = getattr(site.node, "attr", getattr(site.node, "id", ""))
        whole = next((each for each in site.parents if isinstance(each, ast.JoinedStr)), None)
        if whole is None or self.view.text[place.start : place.end].endswith(last):
            return place
        return self.view.offsets.place(whole)

    def _caller(
        self, site: _Site, form: Form, name: str, problem: str | None = None, *, is_registered: bool = False
    ) -> Caller:
        place = self._place(site)
        text = self.view.text[place.start : place.end].partition("\n")[0][:_TEXT_LENGTH]
        return Caller(self.view.path, place.line, form, place.column, text, name, problem, is_registered)


def _is_about_one_name(parent: ast.AST | None) -> bool:
    return isinstance(parent, ast.Subscript) or (
        isinstance(parent, ast.Attribute) and parent.attr in _ONE_OF_DICT
    )


def _sites(view: View, own: set[str]) -> Iterator[_Site]:
    """Yield the names, attributes and calls of a file, those in own classes and accessors left out."""
    waiting: list[tuple[ast.AST, tuple[ast.AST, ...], int, bool]] = [(view.tree, (), 0, False)]
    while waiting:
        node, parents, scope, is_annotation = waiting.pop()
        if isinstance(node, _REFERRING):
            yield _Site(node, parents, scope, is_annotation)
        inner = view.scope_of(node, scope)
        around = (*parents, node)
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            is_own = view.facts.scopes[inner].name in own
            outside = _outer_parts(node)
            waiting += [(part, around, scope, is_note) for part, is_note in outside]
            if not is_own:
                waiting += [(part, around, inner, False) for part in node.body]
            continue
        if isinstance(node, ast.AnnAssign):
            waiting.append((node.annotation, around, scope, True))
            waiting += [(part, around, scope, False) for part in (node.target, node.value) if part]
            continue
        waiting += [(child, around, inner, is_annotation) for child in children(node)]


_REFERRING = (ast.Name, ast.Attribute, ast.Call)


def _outer_parts(
    node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef,
) -> Iterator[tuple[ast.AST, bool]]:
    """Yield what belongs to the scope around; annotations are marked."""
    yield from ((each, False) for each in node.decorator_list)
    if isinstance(node, ast.ClassDef):
        yield from ((each, False) for each in (*node.bases, *node.keywords))
        return
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [each for each in (arguments.vararg, arguments.kwarg) if each]
    yield from ((each.annotation, True) for each in every if each.annotation)
    yield from ((each, False) for each in (*arguments.defaults, *arguments.kw_defaults) if each)
    if node.returns is not None:
        yield node.returns, True
