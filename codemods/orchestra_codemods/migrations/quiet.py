"""What can run later without anybody seeing it: building an object, or importing a module, with no effect.

A call is quiet when all that it does is to make a new object of constants and of other new objects, so that
when it runs makes no difference. A module is quiet when importing it only defines names.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from orchestra_codemods.names import Definition, External, Names, dotted_name, every_node, parse
from orchestra_codemods.project import Project

Function = ast.FunctionDef | ast.AsyncFunctionDef
_EMPTY = {"dict", "list", "set", "frozenset", "tuple"}
_NEW = {
    "collections.deque",
    "collections.Counter",
    "collections.OrderedDict",
    "threading.Lock",
    "threading.RLock",
}
_HOOKS = {"__new__", "__post_init__", "__setattr__", "__getattribute__", "__del__", "__init_subclass__"}
_MARKS = {"staticmethod", "classmethod", "property"}


@dataclass(frozen=True, slots=True)
class Quiet:
    """A call that can run later. ``names`` are what must not be bound to anything else until then."""

    names: frozenset[str]


def quiet_call(
    project: Project, names: Names, found: Definition, seen: frozenset[object] = frozenset()
) -> Quiet | str:
    """Return what a call without arguments rests on, or why it may be seen."""
    if not found.path or found.is_fallible or found.key in seen:
        return "is not seen to be a plain class or function"
    body = parse(project.sources[found.path].text).body
    nodes = [each for each in body if isinstance(each, ast.ClassDef | Function) and each.name == found.name]
    if len(nodes) != 1 or _is_bound_again(body, found.name):
        return "is not seen to be defined once, at the top level of its module"
    reader = _Reader(project, names, found.path, seen | {found.key})
    node = nodes[0]
    why = reader.of_class(node) if isinstance(node, ast.ClassDef) else reader.of_function(node, body)
    return why or Quiet(frozenset({found.name, *reader.rests_on}))


def loud_import(project: Project, names: Names, module: str, loaded: Iterable[str]) -> str:
    """Return why importing a module later may be seen; empty where it only defines names.

    ``loaded`` are modules that are there already, with the packages above them.
    """
    there = {above for each in loaded for above in _with_packages(each)}
    waiting, seen = list(_with_packages(module)), set[str]()
    while waiting:
        name = waiting.pop()
        if name in there or name in seen:
            continue
        seen.add(name)
        found = names.resolver.resolve_module(name)
        if not isinstance(found, Definition):
            return f"importing {module} loads {name}, which is not part of the project"
        if not found.path:
            continue
        more = _Reader(project, names, found.path, frozenset()).imports_of_module()
        if isinstance(more, str):
            return f"importing {module} runs code: {more} of {found.path}"
        waiting += [above for each in more for above in _with_packages(each)]
    return ""


def _with_packages(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[: count + 1]) for count in range(len(parts))]


def _is_bound_again(body: list[ast.stmt], name: str) -> bool:
    inside = (each for statement in body for each in every_node(statement))
    stored = (each.id for each in inside if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load))
    return name in stored


class _Reader:
    """Reads the definitions of one file."""

    def __init__(self, project: Project, names: Names, path: str, seen: frozenset[object]) -> None:
        self.project, self.names, self.path, self.seen = project, names, path, seen
        self.rests_on: set[str] = set()

    def of_class(self, node: ast.ClassDef) -> str:
        """Return why building an instance may be seen."""
        defined = {each.name: each for each in node.body if isinstance(each, Function)}
        is_dataclass = any(self._is_dataclass(each) for each in node.decorator_list)
        if node.bases or node.keywords or _HOOKS & set(defined):
            return "is a class with bases or hooks of its own"
        if node.decorator_list and not (is_dataclass and len(node.decorator_list) == 1):
            return "is a decorated class"
        if not self._has_plain_attributes(node, is_dataclass=is_dataclass):
            return "is a class with attributes that are computed"
        constructor = defined.get("__init__")
        if constructor is None:
            return ""
        if constructor.decorator_list or isinstance(constructor, ast.AsyncFunctionDef):
            return "has a decorated constructor"
        return self._of_constructor(constructor, set(defined))

    def _of_constructor(self, node: ast.FunctionDef, methods: set[str]) -> str:
        known = self._parameters(node)
        if known is None:
            return "has a constructor that needs arguments"
        own = node.args.args[0].arg if node.args.args else ""
        for statement in node.body:
            targets = (
                statement.targets
                if isinstance(statement, ast.Assign)
                else [getattr(statement, "target", None)]
            )
            value = getattr(statement, "value", None)
            is_set = isinstance(statement, ast.Assign | ast.AnnAssign) and all(
                isinstance(each, ast.Attribute)
                and dotted_name(each.value) == own
                and each.attr not in methods
                for each in targets
            )
            if not (_is_nothing(statement) or (is_set and (value is None or self.is_quiet(value, known)))):
                return f"does more than to set attributes, in line {statement.lineno} of {self.path}"
        return ""

    def of_function(self, node: Function, body: list[ast.stmt]) -> str:
        """Return why a call may be seen: it may only build something, or keep what it built for itself."""
        if isinstance(node, ast.AsyncFunctionDef) or node.decorator_list or self._parameters(node) is None:
            return "is no plain function that can be called without arguments"
        statements = [each for each in node.body if not _is_nothing(each)]
        if len(statements) == 1 and isinstance(statements[0], ast.Return) and statements[0].value is not None:
            return "" if self.is_quiet(statements[0].value, set()) else "does more than to build an object"
        kept = _kept_instance(statements)
        if kept is None or not self.is_quiet(kept[1], set()):
            return "does more than to build an object"
        everywhere = [one for statement in body for one in every_node(statement)]
        mentions = [one for one in everywhere if isinstance(one, ast.Name) and one.id == kept[0]]
        inside = [one for one in every_node(node) if isinstance(one, ast.Name) and one.id == kept[0]]
        if len(mentions) != len(inside) + 1 or _is_declared_elsewhere(body, node, kept[0]):
            return f"keeps its instance in {kept[0]}, which other code reads or replaces"
        self.rests_on.add(kept[0])
        return ""

    def is_quiet(self, node: ast.expr, known: set[str]) -> bool:
        """Tell whether an expression makes new objects of constants and parameters alone."""
        match node:
            case ast.Name(id=name):
                return name in known
            case ast.BoolOp(op=ast.Or(), values=[ast.Name(id=name), ast.Name(id=function)]):
                return name in known and self._is_function(function)
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return all(self.is_quiet(each, known) for each in elements)
            case ast.Dict(keys=keys, values=values):
                has_plain_keys = all(isinstance(each, ast.Constant) for each in keys)
                return has_plain_keys and all(self.is_quiet(each, known) for each in values)
            case ast.Call(args=[], keywords=[]):
                return self._is_new(node)
        return _is_plain(node)

    def _is_function(self, name: str) -> bool:
        """Tell whether a name is a function of the file, which is then not to be replaced either."""
        body = parse(self.project.sources[self.path].text).body
        found = [each for each in body if isinstance(each, Function | ast.ClassDef) and each.name == name]
        self.rests_on.add(name)
        return len(found) == 1 and isinstance(found[0], Function) and not _is_bound_again(body, name)

    def _is_new(self, node: ast.Call) -> bool:
        dotted = dotted_name(node.func)
        if dotted is None:
            return False
        found = self.names.resolver.resolve(self.path, dotted)
        if isinstance(found, Definition):
            made = quiet_call(self.project, self.names, found, self.seen)
            self.rests_on |= made.names if isinstance(made, Quiet) else set()
            return isinstance(made, Quiet)
        is_external = isinstance(found, External)
        return is_external and found.dotted in _NEW | {f"builtins.{each}" for each in _EMPTY}

    def _parameters(self, node: Function) -> set[str] | None:
        """Return the parameters, none where one is required or has a computed default."""
        arguments = node.args
        plain = [*arguments.posonlyargs, *arguments.args]
        is_method = bool(plain) and len(arguments.defaults) == len(plain) - 1 and node.name == "__init__"
        defaults = [*arguments.defaults, *arguments.kw_defaults]
        if not (is_method or len(arguments.defaults) == len(plain)) or arguments.vararg or arguments.kwarg:
            return None
        if not all(isinstance(each, ast.Constant) for each in defaults):
            return None
        return {each.arg for each in (*plain, *arguments.kwonlyargs)} - (
            {plain[0].arg} if is_method else set()
        )

    def _has_plain_attributes(self, node: ast.ClassDef, *, is_dataclass: bool) -> bool:
        for each in node.body:
            if isinstance(each, Function) or _is_nothing(each):
                continue
            if isinstance(each, ast.AnnAssign) and each.value is None and not is_dataclass:
                continue
            value = each.value if isinstance(each, ast.Assign | ast.AnnAssign) else None
            if value is None or not (self.is_quiet(value, set()) or self._is_field(value)):
                return False
        return True

    def _is_field(self, node: ast.expr) -> bool:
        """Tell whether this is `field(default_factory=dict)` of a dataclass, with another plain factory."""
        return (
            isinstance(node, ast.Call)
            and self._means(node.func, "dataclasses.field")
            and not node.args
            and all(
                each.arg == "default_factory" and dotted_name(each.value) in _EMPTY for each in node.keywords
            )
        )

    def _is_dataclass(self, node: ast.expr) -> bool:
        called = node.func if isinstance(node, ast.Call) else node
        return self._means(called, "dataclasses.dataclass")

    def _means(self, node: ast.expr, dotted: str) -> bool:
        found = self.names.resolver.resolve(self.path, dotted_name(node) or "?")
        return isinstance(found, External) and found.dotted == dotted

    def imports_of_module(self) -> list[str] | str:
        """Return the modules of the project that a quiet module imports, or what it runs besides."""
        needed: list[str] = []
        facts = self.names.facts(self.path)
        assert facts is not None
        for number, site in enumerate(facts.imports):
            if site.scope != 0:
                continue
            if site.is_from:
                source = self.names.resolver.import_source(self.path, number)
                found = [source.dotted] if isinstance(source, Definition | External) else ["?"]
                inner = [f"{found[0]}.{one.name}" for one in site.names]
                is_own = isinstance(source, Definition)
                found += [
                    each
                    for each in inner
                    if is_own and isinstance(self.names.resolver.resolve_module(each), Definition)
                ]
            else:
                found = [one.name for one in site.names]
            needed += [each for each in found if each.partition(".")[0] not in sys.stdlib_module_names]
        for statement in parse(self.project.sources[self.path].text).body:
            if not self._only_defines(statement):
                return f"line {statement.lineno}"
        return needed

    def _only_defines(self, node: ast.stmt) -> bool:
        if _is_nothing(node) or isinstance(node, ast.Import | ast.ImportFrom):
            return not (isinstance(node, ast.ImportFrom) and any(one.name == "*" for one in node.names))
        if isinstance(node, ast.Assign):
            return self._is_constant(node.value) and all(isinstance(one, ast.Name) for one in node.targets)
        if isinstance(node, ast.AnnAssign):
            return isinstance(node.target, ast.Name) and (node.value is None or self._is_constant(node.value))
        if isinstance(node, Function):
            defaults = [one for one in (*node.args.defaults, *node.args.kw_defaults) if one is not None]
            marks = {dotted_name(each) for each in node.decorator_list}
            return marks <= _MARKS and all(self._is_constant(one) for one in defaults)
        if isinstance(node, ast.ClassDef):
            is_marked = all(self._is_dataclass(each) for each in node.decorator_list)
            has_bases = all(self._is_standard(each) for each in node.bases)
            is_plain = all(self._only_defines(each) or self._is_fielded(each) for each in node.body)
            return is_marked and has_bases and is_plain and not node.keywords
        return False

    def _is_constant(self, node: ast.expr) -> bool:
        """Tell whether an expression runs no code of the project."""
        return self.is_quiet(node, set()) and not any(isinstance(each, ast.Call) for each in every_node(node))

    def _is_fielded(self, node: ast.stmt) -> bool:
        return isinstance(node, ast.AnnAssign) and node.value is not None and self._is_field(node.value)

    def _is_standard(self, node: ast.expr) -> bool:
        dotted = dotted_name(node)
        found = self.names.resolver.resolve(self.path, dotted) if dotted else None
        if isinstance(found, External):
            return found.dotted.partition(".")[0] in sys.stdlib_module_names
        return dotted is not None and hasattr(builtins, dotted) and not isinstance(found, Definition)


def _is_plain(node: ast.expr) -> bool:
    """Tell whether this is a constant, a number with its sign, or a set of constants."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float())):
            return True
        case ast.Set(elts=elements):
            return all(isinstance(each, ast.Constant) for each in elements)
    return isinstance(node, ast.Constant)


def _is_nothing(node: ast.stmt) -> bool:
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _kept_instance(statements: list[ast.stmt]) -> tuple[str, ast.expr] | None:
    """Return the variable and what it is set to once, where that is all that a function does."""
    match statements:
        case [
            ast.Global(names=[variable]),
            ast.If(
                test=ast.Compare(
                    left=ast.Name(id=asked), ops=[ast.Is()], comparators=[ast.Constant(value=None)]
                ),
                body=[ast.Assign(targets=[ast.Name(id=assigned)], value=value)],
                orelse=[],
            ),
            ast.Return(value=ast.Name(id=returned)),
        ] if variable == asked == assigned == returned:
            return variable, value
    return None


def _is_declared_elsewhere(body: list[ast.stmt], node: ast.AST, name: str) -> bool:
    others = (each for statement in body if statement is not node for each in every_node(statement))
    return any(isinstance(each, ast.Global) and name in each.names for each in others)
