"""What an expression can be, as far as it takes to know on which class a method is called."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from posixpath import dirname

from orchestra_codemods.inventory.definitions import Function, Origin
from orchestra_codemods.inventory.members import decorator_names, kind_of
from orchestra_codemods.inventory.view import View, Views
from orchestra_codemods.names import BindingKind, Definition, Resolution, dotted_name, parse

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Value:
    """One thing that an expression may be.

    ``kind`` is class, instance, coroutine, function, module or unknown; ``key`` is the class, function or
    module meant. ``is_shared`` says that an instance comes from a module variable or a singleton, so that
    everybody gets the same.
    """

    kind: str
    key: Key = ("", "")
    is_shared: bool = False


Values = frozenset[Value]
UNKNOWN = Value("unknown")
_UNKNOWN: Values = frozenset((UNKNOWN,))
_NOTHING: Values = frozenset()
_CACHES = {"lru_cache", "cache", "singleton", "alru_cache", "cached"}
_TRANSPARENT_TYPES = {"Optional", "Union", "Annotated", "Final", "ClassVar"}
_GENERATORS = {"Iterator", "Generator", "AsyncIterator", "AsyncGenerator", "Iterable", "AsyncIterable"}


class Evaluator:
    """Follows values through assignments, attributes, annotations and returns, inside a set of files.

    What comes from other files is unknown: they do not mention a target.
    """

    def __init__(self, views: Views, files: Collection[str]) -> None:
        self.views = views
        self.files = set(files)
        self._known: dict[tuple[object, ...], Values] = {}
        self._pending: set[tuple[object, ...]] = set()
        self._cut: set[tuple[object, ...]] = set()

    def of(self, view: View, node: ast.AST | None, scope: int) -> Values:
        """Return what an expression can be in a scope of a file; empty for None."""
        if isinstance(node, ast.Name):
            return self.name(view, node.id, scope)
        if isinstance(node, ast.Attribute):
            return self._each(self.of(view, node.value, scope), lambda value: self.member(value, node.attr))
        if isinstance(node, ast.Call):
            return self._call(view, node, scope)
        return self._of_operator(view, node, scope)

    def _of_operator(self, view: View, node: ast.AST | None, scope: int) -> Values:
        if isinstance(node, ast.Await):
            return self._each(self.of(view, node.value, scope), awaited)
        if isinstance(node, ast.BoolOp):
            return self._union(self.of(view, part, scope) for part in node.values)
        if isinstance(node, ast.IfExp):
            return self.of(view, node.body, scope) | self.of(view, node.orelse, scope)
        if isinstance(node, ast.NamedExpr):
            return self.of(view, node.value, scope)
        is_none = isinstance(node, ast.Constant) and node.value is None
        return _NOTHING if is_none else _UNKNOWN

    def name(self, view: View, name: str, scope: int) -> Values:
        """Return what a name can be in a scope."""
        return self._once(("name", view.path, name, scope), lambda: self._name(view, name, scope))

    def annotation(self, view: View, node: ast.AST, scope: int) -> Values:
        """Return what something with an annotation can be."""
        if isinstance(node, ast.Constant):
            return self._text_annotation(view, node.value, scope)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self.annotation(view, node.left, scope) | self.annotation(view, node.right, scope)
        if isinstance(node, ast.Subscript):
            return self._generic(view, node, scope)
        return self._each(self.of(view, node, scope), _instance_of)

    def member(self, value: Value, name: str) -> Values:
        """Return what an attribute of a value can be."""
        if value.kind == "module":
            return self._definition(self.views.names.resolver.resolve_absolute(f"{value.key[1]}.{name}"))
        if value.kind in ("instance", "class"):
            return self._once(("member", value, name), lambda: self._member(value, name, set()))
        return _UNKNOWN

    def returned(self, key: Key) -> Values:
        """Return what a call of a function can give; a coroutine for an `async def`."""
        return self._once(("returned", *key), lambda: self._returned(key))

    def find_method(self, key: Key, name: str) -> tuple[Function, View] | None:
        """Return the last definition of a method, looking through the bases that can be followed."""
        return self._find_method(key, name, set())

    def is_open(self, key: Key) -> bool:
        """Tell whether a class may have attributes that its text does not show."""
        return self._is_open(key, set())

    # names

    def _name(self, view: View, name: str, scope: int) -> Values:
        resolver = self.views.names.resolver
        number, is_innermost = scope, True
        scopes = view.facts.scopes
        while True:
            bindings = resolver.bindings(view.path, name, number)
            if bindings and (scopes[number].kind != "class" or is_innermost):
                break
            if number == 0:
                return self._definition(resolver.resolve(view.path, name, 0))
            is_innermost = is_innermost and scopes[number].kind == "comprehension"
            number = scopes[number].parent
        if any(
            each.kind in (BindingKind.IMPORT, BindingKind.CLASS, BindingKind.FUNCTION) for each in bindings
        ):
            imported = next((each for each in bindings if each.kind is BindingKind.IMPORT), None)
            if imported is not None and not self._leads_inside(view.path, imported.site):
                return _UNKNOWN
            found = self._definition(resolver.resolve(view.path, name, number))
            if found - _UNKNOWN:
                return found
        return self._variable(view, name, number)

    def _leads_inside(self, path: str, site: int) -> bool:
        """Tell cheaply, without reading another file, whether an import may lead to one of the files."""
        facts = self.views.names.facts(path)
        assert facts is not None
        statement = facts.imports[site]
        if not statement.is_from:
            return True
        source = self.views.names.resolver.import_source(path, site)
        if not isinstance(source, Definition):
            return False
        names = [f"{source.module}.{each.name}" for each in statement.names]
        modules = [self.views.names.index.find(name) for name in names]
        return source.path in self.files or any(
            each is not None and each.path in self.files for each in modules
        )

    def _variable(self, view: View, name: str, scope: int) -> Values:
        origins = view.definitions.variables.get((scope, name), ())
        found = self._origins(view, origins, name)
        if scope == 0:
            return frozenset(_shared(value) for value in found)
        return found

    def _origins(self, view: View, origins: Iterable[Origin], name: str) -> Values:
        every = list(origins)
        if not every:
            return _UNKNOWN
        annotated = self._union(
            self.annotation(view, each.node, each.scope)
            for each in every
            if each.how == "annotation" and each.node
        )
        if annotated - _UNKNOWN:
            shared = self._union(self._origin(view, each, name) for each in every if each.how == "value")
            is_shared = any(value.is_shared for value in shared)
            return frozenset(replace(value, is_shared=is_shared) for value in annotated)
        return self._union(self._origin(view, each, name) for each in every)

    def _origin(self, view: View, origin: Origin, name: str) -> Values:
        if origin.how == "value":
            if isinstance(origin.node, ast.Call) and origin.function is not None:
                return self._injected(view, origin.node, origin.scope)
            return self.of(view, origin.node, origin.scope)
        if origin.how == "context":
            return frozenset(_entered(value) for value in self.of(view, origin.node, origin.scope))
        if origin.how == "parameter":
            return self._receiver(view, origin, name) or self._fixture(view, name)
        return _UNKNOWN

    def _receiver(self, view: View, origin: Origin, name: str) -> Values:
        """Return what `self` or `cls` is in a method; empty for any other parameter."""
        around = view.facts.scopes[view.facts.scopes[origin.scope].parent]
        function = origin.function
        if around.kind != "class" or function is None or isinstance(function, ast.Lambda):
            return _NOTHING
        arguments = [*function.args.posonlyargs, *function.args.args]
        if not arguments or arguments[0].arg != name or kind_of(function) == "static":
            return _NOTHING
        is_class = kind_of(function) == "class" or function.name == "__new__"
        return frozenset((Value("class" if is_class else "instance", (view.path, around.name)),))

    def _injected(self, view: View, node: ast.Call, scope: int) -> Values:
        """Return what a parameter is whose default is `Depends(callable)`, or an ordinary call."""
        if (dotted_name(node.func) or "").rpartition(".")[2] in (
            "Depends",
            "Security",
            "Provide",
        ) and node.args:
            given = self._each(self.of(view, node.args[0], scope), self._called)
            return self._each(given, awaited)
        return self.of(view, node, scope)

    def _fixture(self, view: View, name: str) -> Values:
        folder = view.path
        places = [view.path]
        while folder:
            folder = dirname(folder)
            places.append(f"{folder}/conftest.py" if folder else "conftest.py")
        for path in places:
            other = self.views.view(path) if path in self.files else None
            for qualified, found in other.definitions.functions.items() if other else ():
                names = {each.rpartition(".")[2] for each in decorator_names(found[-1].node)}
                if qualified.rpartition(".")[2] == name and "fixture" in names:
                    return self._each(self.returned((path, qualified)), awaited)
        return _UNKNOWN

    def _definition(self, found: Resolution) -> Values:
        if not isinstance(found, Definition) or (found.path and found.path not in self.files and found.name):
            return _UNKNOWN
        if not found.name:
            return frozenset((Value("module", (found.path, found.module)),))
        view = self.views.view(found.path)
        return self._in_file(view, found) if view else _UNKNOWN

    def _in_file(self, view: View, found: Definition) -> Values:
        known = view.definitions
        if found.name in known.classes:
            return frozenset((Value("class", found.key),))
        if found.name in known.functions:
            return frozenset((Value("function", found.key),))
        if "." in found.name:
            return _UNKNOWN
        return self._once(("variable", *found.key), lambda: self._variable(view, found.name, 0))

    # calls

    def _call(self, view: View, node: ast.Call, scope: int) -> Values:
        name = (dotted_name(node.func) or "").rpartition(".")[2]
        if name == "cast" and len(node.args) == 2:
            return self.annotation(view, node.args[0], scope)
        special = _CALLS.get(name)
        if special is not None and node.args:
            found = self._each(self.of(view, node.args[0], scope), special)
            if found - _UNKNOWN:
                return found
        return self._each(self.of(view, node.func, scope), self._called)

    def _called(self, value: Value) -> Values:
        if value.kind == "class":
            return frozenset((Value("instance", value.key, self._is_singleton(value.key)),))
        if value.kind == "function":
            return self.returned(value.key)
        return _UNKNOWN

    def _is_singleton(self, key: Key) -> bool:
        return self.find_method(key, "__new__") is not None

    def _returned(self, key: Key) -> Values:
        view = self.views.view(key[0])
        found = view.definitions.functions.get(key[1]) if view else None
        if view is None or not found:
            return _UNKNOWN
        body = found[-1]
        function, scope = body.node, body.scope
        given = self._union(self.of(view, result, scope) for result in body.results)
        if function.returns is not None:
            annotated = self.annotation(view, function.returns, view.facts.scopes[scope].parent)
            if annotated - _UNKNOWN:
                is_shared = any(value.is_shared for value in given)
                given = frozenset(replace(value, is_shared=is_shared) for value in annotated)
        if _CACHES.intersection(name.rpartition(".")[2] for name in decorator_names(function)):
            given = frozenset(_shared(value) for value in given)
        if isinstance(function, ast.AsyncFunctionDef) and not body.is_generator:
            return frozenset(
                replace(value, kind="coroutine") if value.kind == "instance" else value for value in given
            )
        return given

    # attributes

    def _member(self, value: Value, name: str, seen: set[Key]) -> Values:
        if value.key in seen or value.key[0] not in self.files:
            return _UNKNOWN
        seen.add(value.key)
        view = self.views.view(value.key[0])
        if view is None:
            return _UNKNOWN
        known = view.definitions
        qualified = f"{value.key[1]}.{name}"
        if qualified in known.functions:
            key = (value.key[0], qualified)
            is_property = kind_of(known.functions[qualified][0].node) == "property"
            return self.returned(key) if is_property else frozenset((Value("function", key),))
        origins = known.attributes.get((value.key[1], name))
        if origins:
            return self._origins(view, origins, name)
        return (
            self._union(self._member(replace(value, key=base), name, seen) for base in self._bases(value.key))
            or _UNKNOWN
        )

    def _bases(self, key: Key) -> list[Key]:
        resolver = self.views.names.resolver
        binding = resolver.class_binding(Definition(key[0], "", key[1]))
        found = (
            [resolver.resolve(key[0], base.partition("[")[0], binding.scope) for base in binding.bases]
            if binding
            else []
        )
        return [each.key for each in found if isinstance(each, Definition) and each.path]

    def _find_method(self, key: Key, name: str, seen: set[Key]) -> tuple[Function, View] | None:
        if key in seen:
            return None
        seen.add(key)
        view = self.views.view(key[0])
        found = view.definitions.functions.get(f"{key[1]}.{name}") if view else None
        if view is not None and found:
            return found[-1].node, view
        inherited = (self._find_method(base, name, seen) for base in self._bases(key))
        return next((each for each in inherited if each is not None), None)

    def _is_open(self, key: Key, seen: set[Key]) -> bool:
        if key in seen:
            return False
        seen.add(key)
        view = self.views.view(key[0])
        found = view.definitions.classes.get(key[1]) if view else None
        if view is None or found is None:
            return True
        node = found[0]
        names = {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
        calls = {dotted_name(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)}
        text = any(isinstance(each, ast.Attribute) and each.attr == "__dict__" for each in ast.walk(node))
        if names & {"__getattr__", "__getattribute__"} or "setattr" in calls or text:
            return True
        outside = [base for base in node.bases if not self._is_followed(view, base, found[1])]
        return bool(outside) or any(self._is_open(base, seen) for base in self._bases(key))

    def _is_followed(self, view: View, base: ast.expr, scope: int) -> bool:
        text = ast.unparse(base).partition("[")[0]
        if text.rpartition(".")[2] in ("ABC", "Protocol", "Generic", "object"):
            return True
        found = self.views.names.resolver.resolve(view.path, text, view.facts.scopes[scope].parent)
        return isinstance(found, Definition) and bool(found.path)

    # annotations

    def _text_annotation(self, view: View, text: object, scope: int) -> Values:
        if text is None:
            return _NOTHING
        if not isinstance(text, str):
            return _UNKNOWN
        try:
            (statement,) = parse(text.strip()).body
        except (SyntaxError, ValueError):
            return _UNKNOWN
        return self.annotation(view, statement.value, scope) if isinstance(statement, ast.Expr) else _UNKNOWN

    def _generic(self, view: View, node: ast.Subscript, scope: int) -> Values:
        name = (dotted_name(node.value) or "").rpartition(".")[2]
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name in ("type", "Type"):
            return self._union(self._each(self.annotation(view, part, scope), _class_of) for part in parts)
        if name == "Annotated":
            return self.annotation(view, parts[0], scope)
        if name in _TRANSPARENT_TYPES or name in _GENERATORS:
            wanted = parts[:1] if name in _GENERATORS else parts
            return self._union(self.annotation(view, part, scope) for part in wanted)
        if name in ("Awaitable", "Coroutine"):
            given = self.annotation(view, parts[-1], scope)
            return frozenset(
                replace(value, kind="coroutine") if value.kind == "instance" else value for value in given
            )
        return _UNKNOWN

    # sets

    def _each(self, values: Values, function: Callable[[Value], Values]) -> Values:
        return self._union(function(value) for value in values)

    @staticmethod
    def _union(sets: Iterable[Values]) -> Values:
        return frozenset(value for each in sets for value in each)

    def _once(self, key: tuple[object, ...], find: Callable[[], Values]) -> Values:
        if key in self._known:
            return self._known[key]
        if key in self._pending:
            self._cut.add(key)
            return _NOTHING  # a value made of itself adds nothing
        self._pending.add(key)
        try:
            found = find()
        finally:
            self._pending.discard(key)
        self._cut.discard(key)
        if not self._cut:  # else a part of it is still being found out, and another start may see more
            self._known[key] = found
        return found


def instances(values: Values) -> list[Value]:
    """Return the instances among values, one for each class; shared only where it cannot be another one."""
    found: dict[Key, Value] = {}
    for value in sorted((each for each in values if each.kind == "instance"), key=lambda each: each.key):
        known = found.setdefault(value.key, value)
        found[value.key] = replace(
            known, is_shared=known.is_shared and value.is_shared and UNKNOWN not in values
        )
    return list(found.values())


def awaited(value: Value) -> Values:
    """Return what awaiting a value gives; an instance that is no coroutine stays what it is."""
    if value.kind == "coroutine":
        return frozenset((replace(value, kind="instance"),))
    return frozenset((value,)) if value.kind == "instance" else _UNKNOWN


def _instance_of(value: Value) -> Values:
    return frozenset((Value("instance", value.key),)) if value.kind == "class" else _UNKNOWN


def _class_of(value: Value) -> Values:
    return frozenset((Value("class", value.key),)) if value.kind == "instance" else _UNKNOWN


def _entered(value: Value) -> Value:
    return value if value.kind == "instance" else UNKNOWN


def _shared(value: Value) -> Value:
    return replace(value, is_shared=True) if value.kind in ("instance", "coroutine") else value


def _itself(value: Value) -> Values:
    return frozenset((value,))


_CALLS: dict[str, Callable[[Value], Values]] = {
    "copy": _itself,
    "deepcopy": _itself,
    "closing": _itself,
    "aclosing": _itself,
    "__new__": _instance_of,
    "run": awaited,
    "run_until_complete": awaited,
}
