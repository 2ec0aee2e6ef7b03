"""Names that some file replaces at run time: patched in tests, or assigned from outside."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from enum import IntEnum

from orchestra_codemods.names import dotted_name, every_node, files_with, names_of, parse
from orchestra_codemods.project import Project

_PATCHERS = {"setattr", "delattr", "patch", "spy", "stub", "setitem", "should_receive", "__setattr__"}
_OF_PATCH = {"object", "multiple", "dict"}
_SELF = ("self", "cls")
_CLASSES = {"cls", "kind", "klass", "class_", "type_", "__class__"}
"""What a variable that holds a class is often called."""


class Touch(IntEnum):
    """What others put in the place of a name, harmless first."""

    NOTHING = 0
    RESET = 1
    """None, or a new instance of the same class: the name is filled anew."""
    ANYTHING = 2


class Touched:
    """Looks, for a name, at every file of a project that mentions it."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._found: dict[tuple[str, str], list[tuple[Touch, str | None]]] = {}
        self._methods: dict[tuple[str, str], bool] = {}

    def of(self, name: str, class_name: str, paths: Collection[str]) -> Touch:
        """Return the worst that is put in the place of a name of these files.

        ``class_name`` is the class of which a new instance is no surprise. A place that names another module
        in full is left out; any other counts.
        """
        if (name, class_name) not in self._found:
            self._found[name, class_name] = list(self._look(name, class_name))
        found = self._found[name, class_name]
        return max((touch for touch, where in found if where is None or where in paths), default=Touch(0))

    def is_method(self, name: str, class_name: str) -> bool:
        """Tell whether something is put in the place of a method, on the class.

        The framework reads a class's operations once, and may do so just then. What is put on one instance
        is called as it was.
        """
        if (name, class_name) not in self._methods:
            found = any(_puts_on_class(tree, name, class_name) for tree in self._trees(name))
            self._methods[name, class_name] = found
        return self._methods[name, class_name]

    def is_loaded_anew(self, module: str) -> bool:
        """Tell whether some file reloads a module, or puts another one in its place in `sys.modules`."""
        stem = module.rpartition(".")[2]
        for path, words in files_with(self._project, [stem, "reload", "modules"]).items():
            if stem not in words or not path.endswith(".py"):
                continue
            if "reload" in words:
                return True
            if "modules" in words and _mentions_module(self._project.sources.text(path), module):
                return True
        return False

    def _trees(self, name: str) -> Iterator[ast.Module]:
        for path in files_with(self._project, [name]):
            if not path.endswith(".py"):
                continue
            try:
                yield parse(self._project.sources.text(path))
            except (SyntaxError, ValueError, RecursionError):
                continue

    def _look(self, name: str, class_name: str) -> Iterator[tuple[Touch, str | None]]:
        for tree in self._trees(name):
            for touch, dotted in _in_tree(tree, name, class_name):
                yield touch, self._file_of(dotted)

    def _file_of(self, dotted: str) -> str | None:
        """Return the file of the longest module that a dotted name begins with, None where none is known."""
        index = names_of(self._project).index
        parts = dotted.split(".")[:-1]
        while parts:
            module = index.find(".".join(parts))
            if module is not None and module.path:
                return module.path
            parts.pop()
        return None


def _in_tree(tree: ast.Module, name: str, class_name: str) -> Iterator[tuple[Touch, str]]:
    nodes = list(every_node(tree))
    assigned: set[ast.AST] = set()
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if _is_place(target, name):
                    assigned.add(target)
                    yield _kind(node.value, class_name), ""
    yield from (
        (Touch.ANYTHING, "")
        for node in nodes
        if isinstance(node, ast.expr) and node not in assigned and _is_place(node, name)
    )
    calls = [node for node in nodes if isinstance(node, ast.Call) and _is_patcher(node)]
    for call in calls:
        value = _kind(call.args[-1], class_name) if _is_plain_set(call) else Touch.ANYTHING
        given = [node for part in (*call.args, *call.keywords) for node in every_node(part)]
        yield from ((value, text) for text in _texts(given, name))
        if any(each.arg == name for each in call.keywords):
            yield Touch.ANYTHING, ""
    unknown = [call for call in calls if not _names_its_place(call)]
    if unknown:
        values = [
            _kind(one.args[-1], class_name) if _is_plain_set(one) else Touch.ANYTHING for one in unknown
        ]
        worst = max(values)
        yield from ((worst, text) for text in _texts(nodes, name))


def _mentions_module(text: str, module: str) -> bool:
    try:
        nodes = every_node(parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return False
    is_there = any(isinstance(node, ast.Attribute) and node.attr == "modules" for node in nodes)
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return (is_there or "sys.modules" in texts) and any(
        text and (module == text or module.startswith(f"{text}.")) for text in texts
    )


def _puts_on_class(tree: ast.Module, name: str, class_name: str) -> bool:
    nodes = every_node(tree)
    stores = [each for each in nodes if isinstance(each, ast.Attribute) and each.attr == name]
    if any(_looks_like_class(one.value, class_name) for one in stores if not isinstance(one.ctx, ast.Load)):
        return True
    calls = [node for node in nodes if isinstance(node, ast.Call) and _is_patcher(node)]
    for call in calls:
        is_of_string = _called(call) == "patch"
        is_on_class = bool(call.args) and not is_of_string and _looks_like_class(call.args[0], class_name)
        given = [node for part in (*call.args, *call.keywords) for node in every_node(part)]
        if is_on_class and (not _names_its_place(call) or list(_texts(given, name))):
            return True
        if is_on_class and any(each.arg == name for each in call.keywords):
            return True
    return bool(calls) and any(text.endswith(f"{class_name}.{name}") for text in _texts(nodes, name))


def _looks_like_class(node: ast.expr, class_name: str) -> bool:
    if isinstance(node, ast.Call):
        return _called(node) == "type"
    last = (dotted_name(node) or "").rpartition(".")[2]
    return last == class_name or last in _CLASSES or last[:1].isupper()


def _is_patcher(node: ast.Call) -> bool:
    name = _called(node)
    if name in _OF_PATCH:
        function = node.func
        return isinstance(function, ast.Attribute) and (dotted_name(function.value) or "").endswith("patch")
    is_own = bool(node.args) and isinstance(node.args[0], ast.Name) and node.args[0].id in _SELF
    return name in _PATCHERS and not is_own


def _is_plain_set(call: ast.Call) -> bool:
    return _called(call) == "setattr" and len(call.args) > 1


def _is_place(node: ast.AST, name: str) -> bool:
    """Tell whether an expression stores or deletes an attribute of this name, other than on `self`."""
    if isinstance(node, ast.Attribute) and node.attr == name and not isinstance(node.ctx, ast.Load):
        return not (isinstance(node.value, ast.Name) and node.value.id in _SELF)
    return (
        isinstance(node, ast.Subscript)
        and not isinstance(node.ctx, ast.Load)
        and isinstance(node.slice, ast.Constant)
        and node.slice.value == name
    )


def _kind(value: ast.expr, class_name: str) -> Touch:
    if isinstance(value, ast.Constant) and value.value is None:
        return Touch.RESET
    is_new = isinstance(value, ast.Call) and _called(value) == class_name
    return Touch.RESET if is_new else Touch.ANYTHING


def _called(node: ast.Call) -> str:
    function = node.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _texts(nodes: Collection[ast.AST], name: str) -> Iterator[str]:
    """Yield the strings that are this name, or a dotted name that ends with it."""
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value.replace(":", ".")
            if text.rpartition(".")[2] == name:
                yield text


def _names_its_place(call: ast.Call) -> bool:
    return any(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in call.args[:2])
