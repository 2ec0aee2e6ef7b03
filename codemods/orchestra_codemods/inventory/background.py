"""Tasks and threads that a class starts and does not wait for in the same call."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.inventory.definitions import Function
from orchestra_codemods.inventory.members import methods
from orchestra_codemods.inventory.model import BackgroundTask
from orchestra_codemods.names import dotted_name, every_node

_SPAWNERS = {"create_task", "ensure_future", "run_coroutine_threadsafe", "Thread", "Timer"}
_WAITERS = {"gather", "wait", "wait_for", "as_completed", "shield", "join", "run_until_complete"}
_COLLECTORS = {"append", "add", "appendleft", "insert"}


def background_tasks(node: ast.ClassDef) -> tuple[BackgroundTask, ...]:
    """Return the tasks that outlive the call which makes them, in the order of the text."""
    spawning = [each for each in methods(node) if any(_is_spawner(part) for part in every_node(each))]
    found = [task for function in spawning for task in _tasks_of(node, function)]
    return tuple(sorted(found, key=lambda task: task.line))


def _tasks_of(node: ast.ClassDef, function: Function) -> Iterator[BackgroundTask]:
    for inner in [
        function,
        *(each for each in every_node(function) if _is_function(each) and each is not function),
    ]:
        parents = _parents(inner)
        groups = _task_groups(inner)
        for call in parents:
            if isinstance(call, ast.Call) and _is_spawn(call, groups):
                handle = _handle(call, parents)
                if handle is not None and not _is_awaited(handle, inner):
                    target = _target(call)
                    yield BackgroundTask(
                        target, function.name, call.lineno, handle or None, _stop(node, target, handle)
                    )


def _is_spawner(node: ast.AST) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name in _SPAWNERS


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def _parents(function: ast.AST) -> dict[ast.AST, ast.AST]:
    """Return the parent of each node of a function, inner functions left out."""
    parents: dict[ast.AST, ast.AST] = {}
    waiting: list[ast.AST] = [function]
    while waiting:
        parent = waiting.pop()
        for child in ast.iter_child_nodes(parent):
            if not (_is_function(child) or isinstance(child, ast.ClassDef)):
                parents[child] = parent
                waiting.append(child)
    return parents


def _is_spawn(call: ast.Call, groups: set[str]) -> bool:
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name not in _SPAWNERS:
        return False
    return not (isinstance(function, ast.Attribute) and dotted_name(function.value) in groups)


def _task_groups(function: ast.AST) -> set[str]:
    """Return the names of task groups, which wait for their tasks themselves."""
    return {
        item.optional_vars.id
        for each in every_node(function)
        if isinstance(each, ast.AsyncWith)
        for item in each.items
        if isinstance(item.optional_vars, ast.Name) and "Group" in ast.unparse(item.context_expr)
    }


def _handle(call: ast.Call, parents: dict[ast.AST, ast.AST]) -> str | None:
    """Return where the task is kept, empty for nowhere, None where it is awaited or given away."""
    node: ast.AST = call
    parent = parents.get(node)
    while isinstance(parent, _TRANSPARENT):
        node, parent = parent, parents.get(parent)
    if isinstance(parent, ast.Assign):
        return ast.unparse(parent.targets[0])
    if isinstance(parent, ast.AnnAssign | ast.NamedExpr):
        return ast.unparse(parent.target)
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and node in parent.args:
        return ast.unparse(parent.func.value) if parent.func.attr in _COLLECTORS else None
    is_started = isinstance(parent, ast.Attribute) and parent.attr in ("start", "add_done_callback")
    return "" if is_started or isinstance(parent, ast.Expr) else None


_TRANSPARENT = (
    ast.List,
    ast.Tuple,
    ast.Set,
    ast.Dict,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
    ast.IfExp,
    ast.BoolOp,
    ast.Starred,
)


def _is_awaited(handle: str, function: ast.AST) -> bool:
    """Tell whether a function waits itself for what it keeps in a variable or attribute."""
    name = handle.partition("[")[0]
    if not name:
        return False
    loops = _loop_names(function, {name})
    for node in every_node(function):
        if isinstance(node, ast.Await) and _mentions(node.value, {name} | loops):
            return True
        if isinstance(node, ast.Call) and _called(node) in _WAITERS:
            receiver = dotted_name(node.func.value) if isinstance(node.func, ast.Attribute) else None
            given = any(_mentions(part, {name}) for part in node.args)
            if given or (receiver is not None and receiver in {name, *loops}):
                return True
        if isinstance(node, ast.Return) and node.value is not None and _mentions(node.value, {name}):
            return "." not in name  # handed to the caller, who decides
    return False


def _loop_names(function: ast.AST, names: set[str]) -> set[str]:
    """Return the loop variables that run over what the names hold."""
    loops = (
        each for each in every_node(function) if isinstance(each, ast.For | ast.AsyncFor | ast.comprehension)
    )
    return {ast.unparse(each.target) for each in loops if _mentions(each.iter, names)}


def _mentions(node: ast.AST, names: set[str]) -> bool:
    return any(
        dotted_name(each) in names for each in every_node(node) if isinstance(each, ast.Name | ast.Attribute)
    )


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _target(call: ast.Call) -> str:
    """Return the name of the method or inner function that runs."""
    given = [keyword.value for keyword in call.keywords if keyword.arg in ("target", "coro", "function")]
    candidates = given or call.args[-1:] if _called(call) == "Timer" else given or call.args[:1]
    node = candidates[0] if candidates else call
    node = node.func if isinstance(node, ast.Call) and candidates else node
    name = dotted_name(node) or ast.unparse(node)
    return name.removeprefix("self.")


def _stop(node: ast.ClassDef, target: str, handle: str) -> str:
    """Return how the task ends: cancel-and-gather, cancel, event, flag, end-of-input or none."""
    name = handle.partition("[")[0]
    cancelled = [function for function in methods(node) if name and _cancels(function, name)]
    if cancelled:
        waits = any(isinstance(each, ast.Await) for function in cancelled for each in every_node(function))
        return "cancel-and-gather" if waits else "cancel"
    bodies = [each for each in every_node(node) if _is_function(each) and getattr(each, "name", "") == target]
    loops = [loop for body in bodies for loop in every_node(body)]
    tests = [ast.unparse(loop.test) for loop in loops if isinstance(loop, ast.While)]
    if any("is_set" in test for test in tests) or any("is_set" in ast.unparse(each) for each in bodies):
        return "event"
    if any(test.startswith(("self.", "not self.")) for test in tests):
        return "flag"
    if any(isinstance(loop, ast.AsyncFor) for loop in loops) or any(
        isinstance(loop, ast.Break) for loop in loops
    ):
        return "end-of-input"
    return "none"


def _cancels(function: Function, name: str) -> bool:
    holders = {name} | _copies(function, name)
    holders |= _loop_names(function, holders)
    return any(
        isinstance(each, ast.Attribute) and each.attr == "cancel" and dotted_name(each.value) in holders
        for each in every_node(function)
    )


def _copies(function: Function, name: str) -> set[str]:
    """Return the locals that a function makes from an attribute (`tasks = list(self._tasks.values())`)."""
    return {
        target.id
        for each in every_node(function)
        if isinstance(each, ast.Assign) and _mentions(each.value, {name})
        for target in each.targets
        if isinstance(target, ast.Name)
    }
