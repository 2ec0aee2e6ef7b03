"""Read the facts of one file from its text, in one walk over its syntax tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from typing import ClassVar

from orchestra_codemods.names.expressions import ExpressionReader, dotted_name
from orchestra_codemods.names.facts import Binding, BindingKind, Guard, ImportSite, ModuleFacts, StringRole
from orchestra_codemods.names.positions import Place
from orchestra_codemods.names.statements import import_site

_HEAD = re.compile(r"(?:async[\s\\]+)?(?:def|class)[\s\\]+")
_IMPORT_FAILURES = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def collect(text: str, tree: ast.Module | None = None) -> ModuleFacts:
    """Return the facts of a file. ``tree`` saves parsing where the caller has it already.

    Raises SyntaxError, and ValueError for text with null characters, as `ast.parse` does.
    """
    collector = _Collector(text)
    collector.block((ast.parse(text) if tree is None else tree).body, 0, Guard.NONE)
    return collector.facts()


class _Collector(ExpressionReader):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.imports: list[ImportSite] = []
        self.exports: list[str] | None = []
        self.has_all = False
        self.later: list[Callable[[], None]] = []

    def facts(self) -> ModuleFacts:
        while self.later:
            waiting, self.later = self.later, []
            for visit in waiting:
                visit()
        roots = {each.name for each in self.bindings if each.site >= 0 or _is_class_of_module(each)}
        names = {binding.name for binding in self.bindings if binding.scope == 0}
        return ModuleFacts(
            tuple(self.scopes),
            tuple(self.bindings),
            tuple(self.imports),
            tuple(self.uses_of(roots)),
            tuple(sorted(self.strings, key=lambda string: string.place.start)),
            tuple(self.exports) if self.has_all and self.exports is not None else None,
            self.has_all,
            "__getattr__" in names,
        )

    # statements

    def block(self, body: Iterable[ast.stmt], scope: int, guard: Guard) -> None:
        for node in body:
            handler = self._statements.get(type(node))
            if handler is not None:
                handler(self, node, scope, guard)
                continue
            self.expression(node, scope)
            alias = getattr(node, "name", None)
            if isinstance(alias, ast.Name):  # `type X = …`, which this interpreter may not know
                self.target(alias, scope, guard, None)

    def visit_import(self, node: ast.Import | ast.ImportFrom, scope: int, guard: Guard) -> None:
        site = import_site(node, scope, guard, self.offsets)
        number = len(self.imports)
        self.imports.append(site)
        for item, name in enumerate(site.names):
            if name.name != "*":
                place = name.alias_place or name.place
                self.bind(name.bound, BindingKind.IMPORT, scope, place, guard, site=number, item=item)

    def visit_function(self, node: Function, scope: int, guard: Guard) -> None:
        for decorator in node.decorator_list:
            self.expression(decorator, scope)
        inner = self.open_scope("function", node.name, scope, self.offsets.place(node))
        self.bind(node.name, BindingKind.FUNCTION, scope, self.name_place(node), guard, inner=inner)
        self.parameters(node.args, scope, inner)
        if node.returns is not None:
            self.expression(node.returns, scope, is_annotation=True)
        self.later.append(lambda: self.block(node.body, inner, Guard.NONE))

    def visit_class(self, node: ast.ClassDef, scope: int, guard: Guard) -> None:
        for part in (*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)):
            self.expression(part, scope)
        inner = self.open_scope("class", node.name, scope, self.offsets.place(node))
        bases = tuple(self.written(base) for base in node.bases)
        place = self.name_place(node)
        self.bind(node.name, BindingKind.CLASS, scope, place, guard, bases=bases, inner=inner)
        self.block(node.body, inner, Guard.NONE)

    def visit_assign(self, node: ast.Assign, scope: int, guard: Guard) -> None:
        self.expression(node.value, scope)
        value = dotted_name(node.value)
        for target in node.targets:
            self.target(target, scope, guard, value)
            if scope == 0 and isinstance(target, ast.Name) and target.id == "__all__":
                self.read_exports(node.value, is_new=True)

    def visit_annotated(self, node: ast.AnnAssign, scope: int, guard: Guard) -> None:
        self.expression(node.annotation, scope, is_annotation=True)
        if node.value is not None:
            self.expression(node.value, scope)
        if isinstance(node.target, ast.Name):
            if scope == 0 and node.target.id == "__all__" and node.value is not None:
                self.read_exports(node.value, is_new=True)
            self.bind(
                node.target.id,
                BindingKind.ASSIGNMENT,
                scope,
                self.offsets.place(node.target),
                guard,
                value=dotted_name(node.value),
                annotation=self.written(node.annotation),
            )
        else:
            self.expression(node.target, scope)

    def visit_augmented(self, node: ast.AugAssign, scope: int, _guard: Guard) -> None:
        self.expression(node.value, scope)
        self.expression(node.target, scope)
        if scope == 0 and isinstance(node.target, ast.Name) and node.target.id == "__all__":
            self.read_exports(node.value, is_new=False)

    def visit_expression(self, node: ast.Expr, scope: int, _guard: Guard) -> None:
        self.expression(node.value, scope)
        call = node.value
        if scope == 0 and isinstance(call, ast.Call) and len(call.args) == 1:
            name = dotted_name(call.func)
            if name == "__all__.extend":
                self.read_exports(call.args[0], is_new=False)
            elif name == "__all__.append":
                self.read_exports(ast.List([call.args[0]]), is_new=False)

    def visit_if(self, node: ast.If, scope: int, guard: Guard) -> None:
        branches: list[ast.stmt] = [node]
        while len(branches) == 1 and isinstance(branches[0], ast.If):  # an `elif` chain is nested in the tree
            branch = branches[0]
            self.expression(branch.test, scope)
            kind = _guard_of_test(branch.test)
            self.block(branch.body, scope, _inside(guard, kind))
            branches = branch.orelse
        self.block(branches, scope, _inside(guard, Guard.CONDITION))

    def visit_try(self, node: ast.Try, scope: int, guard: Guard) -> None:
        is_import = any(_catches_import_failure(handler) for handler in node.handlers)
        self.block(node.body, scope, _inside(guard, Guard.TRY if is_import else Guard.NONE))
        for handler in node.handlers:
            if handler.type is not None:
                self.expression(handler.type, scope)
            if handler.name:
                place = self.offsets.place(handler)
                self.bind(handler.name, BindingKind.OTHER, scope, place, Guard.CONDITION)
            self.block(handler.body, scope, _inside(guard, Guard.FALLBACK if is_import else Guard.CONDITION))
        self.block(node.orelse, scope, _inside(guard, Guard.TRY if is_import else Guard.NONE))
        self.block(node.finalbody, scope, guard)

    def visit_for(self, node: ast.For | ast.AsyncFor, scope: int, guard: Guard) -> None:
        self.expression(node.iter, scope)
        self.target(node.target, scope, guard, None, BindingKind.OTHER)
        self.block(node.body, scope, _inside(guard, Guard.CONDITION))
        self.block(node.orelse, scope, _inside(guard, Guard.CONDITION))

    def visit_while(self, node: ast.While, scope: int, guard: Guard) -> None:
        self.expression(node.test, scope)
        self.block(node.body, scope, _inside(guard, Guard.CONDITION))
        self.block(node.orelse, scope, _inside(guard, Guard.CONDITION))

    def visit_with(self, node: ast.With | ast.AsyncWith, scope: int, guard: Guard) -> None:
        for item in node.items:
            self.expression(item.context_expr, scope)
            if item.optional_vars is not None:
                self.target(item.optional_vars, scope, guard, None, BindingKind.OTHER)
        suppresses = any(_suppresses_import_failure(item.context_expr) for item in node.items)
        self.block(node.body, scope, _inside(guard, Guard.TRY if suppresses else Guard.NONE))

    def visit_match(self, node: ast.Match, scope: int, guard: Guard) -> None:
        self.expression(node.subject, scope)
        for case in node.cases:
            for part in ast.walk(case.pattern):
                name = getattr(part, "name", None) or getattr(part, "rest", None)
                if isinstance(part, ast.MatchAs | ast.MatchStar | ast.MatchMapping) and name:
                    self.bind(name, BindingKind.OTHER, scope, self._pattern_place(part), Guard.CONDITION)
            self.expression(case.pattern, scope)
            if case.guard is not None:
                self.expression(case.guard, scope)
            self.block(case.body, scope, _inside(guard, Guard.CONDITION))

    def visit_global(self, node: ast.Global | ast.Nonlocal, scope: int, _guard: Guard) -> None:
        if isinstance(node, ast.Global):
            self.globals[scope].update(node.names)

    def name_place(self, node: Function | ast.ClassDef) -> Place:
        """Return the place of the name in `def name` or `class name`."""
        start = self.offsets.offset(node.lineno, node.col_offset)
        found = _HEAD.match(self.offsets.text, start)
        start = found.end() if found else start
        return self.offsets.between(start, start + len(node.name))

    def _pattern_place(self, node: ast.AST) -> Place:
        start = self.offsets.offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]
        return self.offsets.between(start, start)

    def read_exports(self, node: ast.expr, *, is_new: bool) -> None:
        self.has_all = True
        if is_new:
            self.exports = []
        items = _string_items(node)
        if items is None or self.exports is None:
            self.exports = None
            return
        for item in items:
            self.exports.append(str(item.value))
            self.string(item, StringRole.ALL, 0)

    _statements: ClassVar[dict[type[ast.stmt], Callable[..., None]]] = {
        ast.Import: visit_import,
        ast.ImportFrom: visit_import,
        ast.FunctionDef: visit_function,
        ast.AsyncFunctionDef: visit_function,
        ast.ClassDef: visit_class,
        ast.Assign: visit_assign,
        ast.AnnAssign: visit_annotated,
        ast.AugAssign: visit_augmented,
        ast.Expr: visit_expression,
        ast.If: visit_if,
        ast.Try: visit_try,
        ast.TryStar: visit_try,
        ast.For: visit_for,
        ast.AsyncFor: visit_for,
        ast.While: visit_while,
        ast.With: visit_with,
        ast.AsyncWith: visit_with,
        ast.Match: visit_match,
        ast.Global: visit_global,
        ast.Nonlocal: visit_global,
    }


def _is_class_of_module(binding: Binding) -> bool:
    return binding.scope == 0 and binding.kind is BindingKind.CLASS


def _string_items(node: ast.expr) -> list[ast.Constant] | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _string_items(node.left), _string_items(node.right)
        return None if left is None or right is None else left + right
    if not isinstance(node, ast.List | ast.Tuple | ast.Set):
        return None
    items = [part for part in node.elts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return items if len(items) == len(node.elts) else None


def _guard_of_test(test: ast.expr) -> Guard:
    name = dotted_name(test)
    return Guard.TYPE_CHECKING if name and name.rpartition(".")[2] == "TYPE_CHECKING" else Guard.CONDITION


def _catches_import_failure(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any((dotted_name(part) or "").rpartition(".")[2] in _IMPORT_FAILURES for part in caught)


def _suppresses_import_failure(node: ast.expr) -> bool:
    if not isinstance(node, ast.Call) or (dotted_name(node.func) or "").rpartition(".")[2] != "suppress":
        return False
    return any((dotted_name(part) or "").rpartition(".")[2] in _IMPORT_FAILURES for part in node.args)


def _inside(outer: Guard, inner: Guard) -> Guard:
    if outer in (Guard.TYPE_CHECKING, Guard.FALLBACK) or inner is Guard.NONE:
        return outer
    if inner is Guard.CONDITION and outer is not Guard.NONE:
        return outer
    return inner
