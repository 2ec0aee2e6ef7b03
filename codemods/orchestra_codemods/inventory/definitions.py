"""What each name, attribute, function and class of one file is made of, by scope."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from orchestra_codemods.names import children

if TYPE_CHECKING:
    from orchestra_codemods.inventory.view import View

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Origin:
    """An expression that gives a name its value; ``how`` is value, annotation, context, item or parameter.

    ``function`` is set for parameters, whose value may come from a fixture of that name.
    """

    how: str
    node: ast.expr | None
    scope: int
    function: Function | ast.Lambda | None = None


@dataclass(eq=False)
class Body:
    """What one function does itself, leaving out the functions inside it."""

    node: Function
    scope: int
    results: list[ast.expr] = field(default_factory=list)
    reads: set[str] = field(default_factory=set)
    global_names: set[str] = field(default_factory=set)
    assigned: list[tuple[str, ast.expr]] = field(default_factory=list)
    is_generator: bool = False
    has_test: bool = False


@dataclass(eq=False)
class Definitions:
    """Origins of variables by scope and of attributes by class; functions and classes by name."""

    variables: dict[tuple[int, str], list[Origin]] = field(default_factory=dict)
    attributes: dict[tuple[str, str], list[Origin]] = field(default_factory=dict)
    functions: dict[str, list[Body]] = field(default_factory=dict)
    classes: dict[str, tuple[ast.ClassDef, int]] = field(default_factory=dict)


def definitions(view: View) -> Definitions:
    """Read the definitions of a file in one walk."""
    reader = _Reader(view)
    reader.read(view.tree, 0, "", "")
    return reader.found


class _Reader:
    def __init__(self, view: View) -> None:
        self.view = view
        self.found = Definitions()
        self.globals: dict[int, set[str]] = {0: set()}

    def read(self, node: ast.AST, scope: int, class_name: str, receiver: str) -> None:
        """Read everything below a node; ``receiver`` is what methods of ``class_name`` call `self` here."""
        waiting: list[tuple[ast.AST, int, str, str, Body | None]] = [
            (node, scope, class_name, receiver, None)
        ]
        while waiting:
            node, scope, class_name, receiver, body = waiting.pop()
            inner = scope
            kind = type(node)
            if kind in _OPENING:
                inner = self.view.scope_of(node, scope)
                if isinstance(node, ast.ClassDef):
                    class_name, receiver, body = self.view.facts.scopes[inner].name, "", None
                    self.found.classes[class_name] = (node, inner)
                elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    receiver, body = self._function(node, scope, inner, receiver)
                elif isinstance(node, ast.Lambda):
                    body = None
                    self._parameters(node, inner)
            elif kind in _BINDING:
                self._bind(node, inner, class_name, receiver)
            if body is not None:
                _note(body, node)
            if isinstance(node, ast.Global):
                self.globals.setdefault(scope, set()).update(node.names)
            below = children(node)
            below.reverse()
            waiting += [(child, inner, class_name, receiver, body) for child in below]

    def _function(self, node: Function, scope: int, inner: int, receiver: str) -> tuple[str, Body]:
        body = Body(node, inner)
        self.found.functions.setdefault(self.view.facts.scopes[inner].name, []).append(body)
        self._parameters(node, inner)
        if self.view.facts.scopes[scope].kind != "class":
            return receiver, body  # a function in a method sees the method's `self`
        arguments = [*node.args.posonlyargs, *node.args.args]
        return (arguments[0].arg if arguments else ""), body

    def _parameters(self, node: Function | ast.Lambda, inner: int) -> None:
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        defaults = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
        pairs = [
            *zip(positional, defaults, strict=True),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        ]
        around = self.view.facts.scopes[inner].parent
        for argument, default in pairs:
            origins = self.found.variables.setdefault((inner, argument.arg), [])
            if argument.annotation is not None:
                origins.append(Origin("annotation", argument.annotation, around, node))
            else:
                origins.append(Origin("parameter", None, inner, node))
            if default is not None:
                origins.append(Origin("value", default, around, node))

    def _bind(self, node: ast.AST, scope: int, class_name: str, receiver: str) -> None:
        for target, how, value in _bound(node):
            self._target(target, Origin(how, value, scope), class_name, receiver)

    def _target(self, target: ast.expr, origin: Origin, class_name: str, receiver: str) -> None:
        scopes = self.view.facts.scopes
        if isinstance(target, ast.Name):
            holder = 0 if target.id in self.globals.get(origin.scope, ()) else origin.scope
            while scopes[holder].kind == "comprehension" and origin.how == "value":
                holder = scopes[holder].parent
            self.found.variables.setdefault((holder, target.id), []).append(origin)
            if scopes[origin.scope].kind == "class":
                self.found.attributes.setdefault((class_name, target.id), []).append(origin)
        elif isinstance(target, ast.Attribute):
            if isinstance(target.value, ast.Name) and target.value.id == receiver:
                self.found.attributes.setdefault((class_name, target.attr), []).append(origin)
        elif isinstance(target, ast.Tuple | ast.List):
            for part, value in zip(target.elts, _parts(origin, len(target.elts)), strict=True):
                self._target(part, value, class_name, receiver)


_BINDING = frozenset(
    (
        ast.Assign,
        ast.AnnAssign,
        ast.NamedExpr,
        ast.withitem,
        ast.For,
        ast.AsyncFor,
        ast.comprehension,
    )
)
_OPENING = frozenset(
    (
        ast.ClassDef,
        ast.FunctionDef,
        ast.AsyncFunctionDef,
        ast.Lambda,
        ast.ListComp,
        ast.SetComp,
        ast.DictComp,
        ast.GeneratorExp,
    )
)
_TESTS = (ast.If, ast.IfExp, ast.BoolOp)


def _note(body: Body, node: ast.AST) -> None:
    if isinstance(node, ast.Name):
        body.reads.add(node.id)
    elif isinstance(node, ast.Return | ast.Yield | ast.YieldFrom):
        body.is_generator = body.is_generator or not isinstance(node, ast.Return)
        if node.value is not None and not isinstance(node, ast.YieldFrom):
            body.results.append(node.value)
    elif isinstance(node, ast.Global):
        body.global_names.update(node.names)
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name) and node.value is not None:
                body.assigned.append((target.id, node.value))
    elif isinstance(node, _TESTS):
        body.has_test = True


def _bound(node: ast.AST) -> Iterator[tuple[ast.expr, str, ast.expr]]:
    """Yield what a statement binds, how, and from which expression."""
    if isinstance(node, ast.Assign):
        yield from ((target, "value", node.value) for target in node.targets)
    elif isinstance(node, ast.AnnAssign):
        yield node.target, "annotation", node.annotation
        if node.value is not None:
            yield node.target, "value", node.value
    elif isinstance(node, ast.NamedExpr):
        yield node.target, "value", node.value
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield node.optional_vars, "context", node.context_expr
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield node.target, "item", node.iter


def _parts(origin: Origin, number: int) -> list[Origin]:
    """Return where each part of a tuple target comes from."""
    value = origin.node
    if origin.how == "value" and isinstance(value, ast.Tuple | ast.List) and len(value.elts) == number:
        return [replace(origin, node=part) for part in value.elts]
    return [replace(origin, how="unpacked")] * number
