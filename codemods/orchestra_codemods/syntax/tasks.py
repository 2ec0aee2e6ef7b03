"""Tasks: where they are started, in what they are kept, and who stops them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.syntax.file import FUNCTIONS, File, Function
from orchestra_codemods.syntax.flow import own
from orchestra_codemods.syntax.nodes import everything

_SPAWNERS = {"asyncio.create_task", "asyncio.ensure_future", "asyncio.tasks.create_task"}
_LOOPS = {"asyncio.get_running_loop", "asyncio.get_event_loop", "asyncio.new_event_loop"}
_LOOP_NAMES = re.compile(r"(.*\.)?_?(event_)?loop\Z")
CLOSING = re.compile(
    r"_*(async_|a)?(cleanup|clean_up|close|stop|shutdown|shut_down|terminate|teardown|tear_down|dispose|"
    r"disconnect|cancel|finish|exit)(_.*)?\Z|__aexit__\Z|__exit__\Z|.*_(stop|shutdown|close|cleanup)\Z"
)


def spawned(file: File, node: ast.AST) -> ast.Call | None:
    """Return the call that starts a task, if the node is one: create_task, ensure_future, loop.create_task.

    A TaskGroup's (or nursery's) create_task is none: the group keeps and awaits the task.
    """
    if not isinstance(node, ast.Call) or not node.args:
        return None
    name = file.dotted(node.func)
    if name in _SPAWNERS:
        return node
    if isinstance(node.func, ast.Attribute) and node.func.attr == "create_task":
        return node if is_loop(file, node.func.value) else None
    return None


def is_loop(file: File, node: ast.AST) -> bool:
    """Tell whether an expression is an event loop: asked for here, or called ``loop``."""
    if isinstance(node, ast.Call):
        return file.dotted(node.func) in _LOOPS
    name = file.dotted(node)
    return name is not None and _LOOP_NAMES.match(name) is not None


def is_given(function: ast.AST | None, node: ast.AST) -> bool:
    """Tell whether an expression is a parameter of the function, or an attribute of one other than self."""
    if not isinstance(function, FUNCTIONS):
        return False
    while isinstance(node, ast.Attribute):
        node = node.value
    names = [one.arg for one in _arguments(function)]
    return isinstance(node, ast.Name) and node.id in names[1:] + [one for one in names[:1] if one != "self"]


def _arguments(function: Function) -> list[ast.arg]:
    arguments = function.args
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def self_attribute(node: ast.AST) -> str | None:
    """Return ``x`` of ``self.x``."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
        return node.attr
    return None


def methods(cls: ast.ClassDef) -> dict[str, Function]:
    """Return the methods of a class body by name; of several of one name the last, as Python does."""
    return {one.name: one for one in cls.body if isinstance(one, FUNCTIONS)}


def self_calls(node: ast.AST) -> Iterator[str]:
    """Yield the names of methods of self which are called in a node."""
    for one in own(node.body if isinstance(node, FUNCTIONS) else node):
        if isinstance(one, ast.Call):
            name = self_attribute(one.func)
            if name is not None:
                yield name


def reached(cls: ast.ClassDef, names: Iterator[str] | list[str]) -> list[Function]:
    """Return the methods of the class that are called from the named ones, these included."""
    by_name, found = methods(cls), {}
    waiting = [name for name in names if name in by_name]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = by_name[name]
            waiting += [called for called in self_calls(by_name[name]) if called in by_name]
    return list(found.values())


def closers(cls: ast.ClassDef) -> list[Function]:
    """Return the methods that end the life of an instance, by their names, and all that these call."""
    return reached(cls, [name for name in methods(cls) if CLOSING.match(name)])


def closes_nothing(cls: ast.ClassDef) -> bool:
    """Tell whether no method's name says that it ends anything."""
    return not any(CLOSING.match(name) or name == "__del__" for name in methods(cls))


def calls_of(nodes: ast.AST, attribute: str) -> Iterator[ast.Call]:
    """Yield the calls of a method by that name, nested functions included."""
    for one in everything(nodes):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr == attribute:
            yield one


def cancels(node: ast.AST) -> bool:
    """Tell whether anything in a node is cancelled: a ``cancel`` call or a helper with cancel in its name."""
    return any(
        isinstance(one, ast.Attribute | ast.Name)
        and "cancel" in _last(one).lower()
        and "cancelled" not in _last(one).lower()
        for one in everything(node)
    )


def _last(node: ast.Attribute | ast.Name) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id


def task_attributes(file: File, cls: ast.ClassDef) -> dict[str, ast.Call]:
    """Return attributes of self that are assigned a started task, with the first call that starts it."""
    found: dict[str, ast.Call] = {}
    for node in everything(cls):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        call = spawned(file, node.value) if targets and getattr(node, "value", None) is not None else None  # type: ignore[attr-defined]
        for target in targets:
            attribute = self_attribute(target)
            if call is not None and attribute is not None:
                found.setdefault(attribute, call)
    return found


def started_method(call: ast.Call) -> str | None:
    """Return the method of self, or the function, whose coroutine a spawning call starts."""
    coroutine = call.args[0]
    if not isinstance(coroutine, ast.Call):
        return None
    if isinstance(coroutine.func, ast.Name):
        return coroutine.func.id
    return self_attribute(coroutine.func)
