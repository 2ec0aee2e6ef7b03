"""Read names, attribute chains, strings and inner scopes out of expressions, without recursion."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Any, ClassVar

from orchestra_codemods.names.facts import Binding, BindingKind, DottedString, Guard, Scope, StringRole, Use
from orchestra_codemods.names.positions import Offsets, Place
from orchestra_codemods.names.strings import role_of_argument
from orchestra_codemods.names.walk import children

_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+(?::[^\W\d]\w*)?|[^\W\d]\w*:[^\W\d]\w*")
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_VERBATIM = {"Literal"}
_TYPED_BY_TEXT = {"cast": 0, "TypeVar": None, "NewType": 1, "ForwardRef": 0}


Chain = tuple[str, ast.AST, int]
"""The first name of an attribute chain, its outermost node, and the scope."""


class ExpressionReader:
    """Collects what expressions say; statements are read by its subclass in `collect`."""

    def __init__(self, text: str) -> None:
        self.offsets = Offsets(text)
        self.scopes = [Scope("module", "", 0, Place(0, len(text), 1, 0))]
        self.globals: list[set[str]] = [set()]
        self.bindings: list[Binding] = []
        self.chains: list[Chain] = []
        self.fstrings: list[tuple[list[Chain], Place]] = []
        self.text_uses: list[Use] = []
        self.strings: list[DottedString] = []

    def expression(self, node: ast.AST, scope: int, *, is_annotation: bool = False) -> None:
        """Read an expression; in an annotation, strings are read as expressions too."""
        stack: list[tuple[ast.AST, int, bool]] = [(node, scope, is_annotation)]
        while stack:
            node, scope, is_annotation = stack.pop()
            kind = type(node)
            if kind is ast.Name or kind is ast.Attribute:
                rest = self._chain(node, scope)
                if rest is not None:
                    stack.append((rest, scope, is_annotation))
            elif kind is ast.Constant:
                self._constant(node, scope, is_annotation=is_annotation)  # type: ignore[arg-type]
            elif kind in self._expressions:
                self._expressions[kind](self, node, scope, is_annotation, stack)
            else:
                stack += [(part, scope, is_annotation) for part in children(node)]

    def _visit_call(self, node: ast.Call, scope: int, _is_text: bool, stack: list[Any]) -> None:
        name = dotted_name(node.func)
        last = name.rpartition(".")[2] if name else ""
        by_text = _TYPED_BY_TEXT.get(last, -1)
        for number, argument in enumerate(node.args):
            role = role_of_argument(name, number)
            if role is not None and isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                self.string(argument, role, scope)
            else:
                stack.append((argument, scope, by_text is None or by_text == number))
        for keyword in node.keywords:
            role = role_of_argument(name, 0) if keyword.arg in ("target", "name") else None
            if role is not None and isinstance(keyword.value, ast.Constant):
                self.string(keyword.value, role, scope)
            else:
                stack.append((keyword.value, scope, keyword.arg == "bound"))
        stack.append((node.func, scope, False))

    def _visit_fstring(self, node: ast.JoinedStr, scope: int, _is_text: bool, _stack: list[Any]) -> None:
        outside, self.chains = self.chains, []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.expression(part, scope)
        inside, self.chains = self.chains, outside
        if inside:
            self.fstrings.append((inside, self.offsets.place(node)))

    def _visit_lambda(self, node: ast.Lambda, scope: int, _is_text: bool, stack: list[Any]) -> None:
        inner = self.open_scope("lambda", "<lambda>", scope, self.offsets.place(node))
        self.parameters(node.args, scope, inner)
        stack.append((node.body, inner, False))

    def _visit_comprehension(self, node: ast.expr, scope: int, _is_text: bool, stack: list[Any]) -> None:
        inner = self.open_scope("comprehension", "<comprehension>", scope, self.offsets.place(node))
        generators: list[ast.comprehension] = node.generators  # type: ignore[attr-defined]
        for number, generator in enumerate(generators):
            stack.append((generator.iter, scope if number == 0 else inner, False))
            self.target(generator.target, inner, Guard.NONE, None, BindingKind.OTHER)
            stack += [(test, inner, False) for test in generator.ifs]
        parts = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)  # type: ignore[attr-defined]
        stack += [(part, inner, False) for part in parts]

    def _visit_walrus(self, node: ast.NamedExpr, scope: int, _is_text: bool, stack: list[Any]) -> None:
        holder = scope
        while self.scopes[holder].kind == "comprehension":
            holder = self.scopes[holder].parent
        place = self.offsets.place(node.target)
        value = dotted_name(node.value)
        self.bind(node.target.id, BindingKind.ASSIGNMENT, holder, place, Guard.CONDITION, value=value)
        stack.append((node.value, scope, False))

    def _visit_subscript(
        self, node: ast.Subscript, scope: int, is_annotation: bool, stack: list[Any]
    ) -> None:
        name = dotted_name(node.value)
        last = name.rpartition(".")[2] if name else ""
        if name == "sys.modules" and isinstance(node.slice, ast.Constant):
            self.string(node.slice, StringRole.IMPORT, scope)
        elif last == "Annotated" and isinstance(node.slice, ast.Tuple) and node.slice.elts:
            stack.append((node.slice.elts[0], scope, is_annotation))
            stack += [(part, scope, False) for part in node.slice.elts[1:]]
        else:
            stack.append((node.slice, scope, is_annotation and last not in _VERBATIM))
        stack.append((node.value, scope, False))

    def _chain(self, node: ast.AST, scope: int) -> ast.AST | None:
        """Note the longest attribute chain at a node; return what it starts from if that is no name."""
        outer = node
        while isinstance(node, ast.Attribute):
            node = node.value
        if not isinstance(node, ast.Name):
            return node
        self.chains.append((node.id, outer, scope))
        return None

    def uses_of(self, roots: Collection[str]) -> list[Use]:
        """Return the uses which start from one of the names, in the order of the text."""
        found = [self._use(outer, scope) for root, outer, scope in self.chains if root in roots]
        for nodes, whole in self.fstrings:
            inside = [self._use(outer, scope) for root, outer, scope in nodes if root in roots]
            found += _found_again(inside, whole, self.offsets)
        found += [use for use in self.text_uses if use.dotted.partition(".")[0] in roots]
        return sorted(found, key=lambda use: use.place.start)

    def _use(self, outer: ast.AST, scope: int) -> Use:
        place = self.offsets.place(outer)  # type: ignore[arg-type]
        is_store = not isinstance(outer.ctx, ast.Load)  # type: ignore[attr-defined]
        parts: list[str] = []
        ends: list[tuple[int, int]] = []
        node = outer
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            ends.append((node.end_lineno or 0, node.end_col_offset or 0))
            node = node.value
        assert isinstance(node, ast.Name)
        dotted = ".".join([node.id, *reversed(parts)])
        text = self.offsets.text[place.start : place.end]
        if text == dotted:
            return Use(dotted, place, scope, _ends_of(dotted, place.start), is_store)
        if not _is_spaced(text, dotted):
            return Use(dotted, place, scope, (), is_store)
        ends = [(node.end_lineno or 0, node.end_col_offset or 0), *reversed(ends)]
        return Use(dotted, place, scope, tuple(self.offsets.offset(*end) for end in ends), is_store)

    def _constant(self, node: ast.Constant, scope: int, *, is_annotation: bool) -> None:
        if not isinstance(node.value, str):
            return
        if is_annotation:
            self._text_annotation(node, node.value, scope)
        elif _DOTTED.fullmatch(node.value):
            self.string(node, StringRole.VALUE, scope)

    def written(self, node: ast.expr) -> str:
        """Return an expression as it is written, in one line."""
        place = self.offsets.place(node)
        text = self.offsets.text[place.start : place.end]
        return text if text.isprintable() else ast.unparse(node)

    def string(self, node: ast.Constant, role: StringRole, scope: int) -> None:
        """Record a literal that may name a module or a name of one."""
        text = str(node.value)
        place = self._content(node, text)
        if place is not None and (role is StringRole.ALL or text.isidentifier() or _DOTTED.fullmatch(text)):
            self.strings.append(DottedString(text, place, role, scope))

    def _content(self, node: ast.Constant, text: str) -> Place | None:
        """Return the place of a literal's text, or None where it is not written as it reads."""
        whole = self.offsets.place(node)
        start = self.offsets.text.find(text, whole.start, whole.end) if text else -1
        if start < 0 or "\n" in text:
            return None
        return self.offsets.between(start, start + len(text))

    def _text_annotation(self, node: ast.Constant, text: str, scope: int) -> None:
        place = self._content(node, text)
        try:
            tree = ast.parse(text, mode="eval")
        except (SyntaxError, ValueError):
            return
        inner = Offsets(text)
        covered: set[ast.AST] = set()
        for part in ast.walk(tree):
            dotted = dotted_name(part) if part not in covered else None
            if dotted is None:
                continue
            covered.update(ast.walk(part))
            local = inner.place(part)  # type: ignore[arg-type]
            if place is None:
                self.text_uses.append(Use(dotted, self.offsets.place(node), scope, is_text=True))
            else:
                start = place.start + local.start
                where = self.offsets.between(start, start + local.end - local.start)
                ends = _ends_of(dotted, start) if local.end - local.start == len(dotted) else ()
                self.text_uses.append(Use(dotted, where, scope, ends, is_text=True))

    def bind(
        self, name: str, kind: BindingKind, scope: int, place: Place, guard: Guard = Guard.NONE, **more: Any
    ) -> None:
        """Record that a name is bound; in a function that declares it `global`, for the module."""
        if name in self.globals[scope]:
            scope, guard = 0, Guard.CONDITION
        self.bindings.append(Binding(name, kind, scope, place, guard, **more))

    def target(
        self,
        node: ast.expr,
        scope: int,
        guard: Guard,
        value: str | None,
        kind: BindingKind = BindingKind.ASSIGNMENT,
    ) -> None:
        """Bind every name of an assignment target."""
        waiting = [node]
        while waiting:
            part = waiting.pop()
            if isinstance(part, ast.Name):
                copied = value if part is node else None
                what = kind if part is node else BindingKind.OTHER
                self.bind(part.id, what, scope, self.offsets.place(part), guard, value=copied)
            elif isinstance(part, ast.Tuple | ast.List):
                waiting += part.elts
            elif isinstance(part, ast.Starred):
                waiting.append(part.value)
            else:
                self.expression(part, scope)

    def parameters(self, arguments: ast.arguments, outer: int, inner: int) -> None:
        """Bind parameters in a function's scope; annotations and defaults belong to the scope around it."""
        named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        for parameter in [*named, *filter(None, (arguments.vararg, arguments.kwarg))]:
            annotation = None
            if parameter.annotation is not None:
                self.expression(parameter.annotation, outer, is_annotation=True)
                annotation = self.written(parameter.annotation)
            place = self.offsets.place(parameter)
            self.bind(parameter.arg, BindingKind.PARAMETER, inner, place, annotation=annotation)
        for default in filter(None, (*arguments.defaults, *arguments.kw_defaults)):
            self.expression(default, outer)

    def open_scope(self, kind: str, name: str, parent: int, place: Place) -> int:
        """Add a scope and return its number."""
        prefix = self.scopes[parent].name
        self.scopes.append(Scope(kind, f"{prefix}.{name}" if prefix else name, parent, place))
        self.globals.append(set())
        return len(self.scopes) - 1

    _expressions: ClassVar[dict[type[ast.AST], Callable[..., None]]] = {
        ast.Call: _visit_call,
        ast.JoinedStr: _visit_fstring,
        ast.Lambda: _visit_lambda,
        ast.NamedExpr: _visit_walrus,
        ast.Subscript: _visit_subscript,
        **dict.fromkeys(_COMPREHENSIONS, _visit_comprehension),
    }


def dotted_name(node: ast.AST | None) -> str | None:
    """Return `a.b.c` for a name or attribute chain, else None."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)]) if parts else node.id


def _is_spaced(text: str, dotted: str) -> bool:
    return re.sub(r"\\\s|\s|#[^\r\n]*", "", text) == dotted


def _found_again(uses: list[Use], whole: Place, offsets: Offsets) -> Iterable[Use]:
    """Yield the uses in an f-string, each where its text is: the parser of 3.11 misplaces them."""
    for dotted in dict.fromkeys(use.dotted for use in uses):
        same = sorted((use for use in uses if use.dotted == dotted), key=lambda use: use.place.start)
        pattern = re.compile(rf"(?<![\w.]){re.escape(dotted)}(?!\w)")
        starts = [found.start() for found in pattern.finditer(offsets.text, whole.start, whole.end)]
        if len(starts) != len(same):
            yield from (replace(use, place=whole, parts=()) for use in same)
            continue
        for use, start in zip(same, starts, strict=True):
            place = offsets.between(start, start + len(dotted))
            yield replace(use, place=place, parts=_ends_of(dotted, start))


def _ends_of(dotted: str, start: int) -> tuple[int, ...]:
    ends, position = [], start
    for part in dotted.split("."):
        position += len(part)
        ends.append(position)
        position += 1
    return tuple(ends)
