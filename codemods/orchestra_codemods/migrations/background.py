"""Background tasks of a legacy class come under the framework's supervision, and start when they did."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass

from orchestra_codemods.change import Edit
from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.migrations.obstacles import Obstacle
from orchestra_codemods.names import Offsets, dotted_name, parse

Function = ast.FunctionDef | ast.AsyncFunctionDef
_CREATORS = {"create_task", "ensure_future"}
_RUNNING = {"get_running_loop", "get_event_loop"}
_SOMETHING_ELSE = {"asyncio.CancelledError", "asyncio.QueueEmpty", "asyncio.QueueFull"} | {
    name
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException) and not issubclass(RuntimeError, kind)
}
"""Errors as they are named that are no RuntimeError and none of its bases; its subclasses are not raised."""
_BY_HAND = "Start it with `self.runtime.spawn(method, …)`, or mark the method with @background."


@dataclass(frozen=True, slots=True)
class _Start:
    """A call that makes a task, with the method that it stands in."""

    call: ast.Call
    method: Function
    own_class: ast.ClassDef

    @property
    def coroutine(self) -> ast.expr | None:
        return self.call.args[0] if self.call.args else None


def background_obstacles(text: str, target: LegacyOrchestrator) -> Iterator[Obstacle]:
    """Yield why a task of the class cannot be handed to the framework as it is."""
    if not target.background_tasks:
        return
    starts = {start.call.lineno: start for start in _starts(text, target)}
    for task in target.background_tasks:
        if task.line in starts:
            if _is_foreign(starts[task.line].call):
                continue
            why = _unclear(starts[task.line])
            if why:
                yield Obstacle(task.line, f"the task that is started here {why}", _BY_HAND)
        elif not _is_thread(text, task.line):
            yield Obstacle(task.line, f"how {task.created_in} starts {task.method} is not plain", _BY_HAND)


def background_edits(text: str, target: LegacyOrchestrator) -> Iterator[Edit]:
    """Yield the replacement of each `create_task(self._loop(…))` by `self.runtime.spawn(self._loop, …)`."""
    offsets = Offsets(text)
    wanted = {task.line for task in target.background_tasks}
    for start in _starts(text, target):
        is_ours = start.call.lineno in wanted and not _is_foreign(start.call)
        if is_ours and isinstance(start.coroutine, ast.Call):
            place = offsets.place(start.call)
            yield Edit(place.start, place.end, _spawn(start, start.coroutine, offsets))


def _spawn(start: _Start, coroutine: ast.Call, offsets: Offsets) -> str:
    """Return the call that starts the task, laid out as the old one where that comes to the same."""
    own = _first_parameter(start.method)
    parts = [_text(coroutine.func, offsets), *(_text(each, offsets) for each in coroutine.args)]
    parts += [f"{each.arg}={_text(each.value, offsets)}" for each in start.call.keywords]
    loop = _loop_of(start.call.func)
    if loop is not None:
        parts.append(f"loop={_text(loop, offsets)}")
    plain = f"{own}.runtime.spawn({', '.join(parts)})"
    alike = _laid_out(start.call, coroutine, offsets, own)
    return alike if loop is None and _is_same(alike, plain) else plain


def _laid_out(call: ast.Call, coroutine: ast.Call, offsets: Offsets, own: str) -> str:
    """Return the text of the old call with the function exchanged, and its coroutine's brackets taken out."""
    whole, function = offsets.place(call), offsets.place(call.func)
    inner, method = offsets.place(coroutine), offsets.place(coroutine.func)
    text = offsets.text
    arguments = text[method.end : inner.end].strip().removeprefix("(").removesuffix(")")
    rest = text[inner.end : whole.end]
    if coroutine.args:
        has_comma = text[offsets.place(coroutine.args[-1]).end : inner.end].lstrip().startswith(",")
        rest = rest.lstrip().removeprefix(",") if has_comma else rest
        line = text[function.end + 1 : method.start]
        if "\n" in arguments:
            arguments = f",{arguments}"
        elif "\n" in line and not line.strip():  # one argument a line, as the others are
            arguments = "".join(f",{line}{_text(each, offsets)}" for each in coroutine.args)
        else:
            arguments = f", {arguments.lstrip()}"
    arguments = arguments.rstrip() if rest.startswith("\n") else arguments.rstrip(" ")
    return f"{own}.runtime.spawn{text[function.end : method.end]}{arguments}{rest}"


def _is_same(one: str, other: str) -> bool:
    try:
        return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))
    except SyntaxError:
        return False


def _loop_of(function: ast.expr) -> ast.expr | None:
    """Return what names the loop in `loop.create_task`: it may not run yet, and looking for it may raise."""
    if not isinstance(function, ast.Attribute) or function.attr != "create_task":
        return None
    return None if dotted_name(function.value) in ("asyncio", "asyncio.tasks") else function.value


def _unclear(start: _Start) -> str:
    coroutine = start.coroutine
    if not isinstance(coroutine, ast.Call) or len(start.call.args) != 1:
        return "is not made of a call of its coroutine function"
    reasons = (
        (bool(coroutine.keywords), "passes keyword arguments to its coroutine function"),
        (_is_tried(start), "may fail where no loop runs, which the code around it handles"),
        (not _is_on_the_running_loop(start), "runs on a loop that is not seen to be the running one"),
        (
            any(keyword.arg != "name" for keyword in start.call.keywords),
            "has options that the framework would set itself",
        ),
        (
            not _is_async(start, coroutine.func),
            "is made of something that is not seen to be an `async def` of the class",
        ),
    )
    return next((why for applies, why in reasons if applies), "")


def _is_foreign(call: ast.Call) -> bool:
    """Tell whether this is a task manager of the project's own: asyncio takes one argument by position.

    Such tasks are the class's own affair before and after, as threads are.
    """
    return len(call.args) > 1 and not any(isinstance(each, ast.Starred) for each in call.args)


def _is_tried(start: _Start) -> bool:
    """Tell whether what the call raises without a loop is caught: the framework waits for a loop instead.

    In an `async def` a loop runs, unless somebody waits for that very error.
    """
    has_loop = isinstance(_innermost(start), ast.AsyncFunctionDef)
    return any(
        _names_no_loop(kind) if has_loop else _may_catch_it(kind)
        for node in ast.walk(start.method)
        if isinstance(node, ast.Try | ast.With | ast.AsyncWith) and start.call in _inside(node.body)
        for kind in _caught_by(node)
    )


def _caught_by(node: ast.Try | ast.With | ast.AsyncWith) -> Iterator[ast.expr | None]:
    """Yield what handlers, or `contextlib.suppress`, catch."""
    if isinstance(node, ast.Try):
        yield from (handler.type for handler in node.handlers)
        return
    for each in (item.context_expr for item in node.items):
        if isinstance(each, ast.Call) and (dotted_name(each.func) or "").rpartition(".")[2] == "suppress":
            yield from each.args


def _innermost(start: _Start) -> ast.AST:
    """Return the function whose body makes the call, which is a lambda or a nested one where it is in one."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    around = [
        each for each in ast.walk(start.method) if isinstance(each, kinds) and start.call in ast.walk(each)
    ]
    return around[-1]  # breadth first: the last one is the deepest


def _names_no_loop(kind: ast.expr | None) -> bool:
    named = ast.walk(kind) if kind is not None else ()
    return any(
        RuntimeError.__name__ in (dotted_name(each) or "") for each in named if isinstance(each, ast.expr)
    )


def _may_catch_it(kind: ast.expr | None) -> bool:
    """Tell whether a handler may catch a RuntimeError: all that are not known to be for something else."""
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return not all(each is not None and dotted_name(each) in _SOMETHING_ELSE for each in kinds)


def _inside(body: list[ast.stmt]) -> Iterator[ast.AST]:
    return (each for statement in body for each in ast.walk(statement))


def _is_on_the_running_loop(start: _Start) -> bool:
    function = start.call.func
    if not isinstance(function, ast.Attribute) or function.attr == "ensure_future":
        return True
    receiver = function.value
    if isinstance(receiver, ast.Call):
        return (dotted_name(receiver.func) or "").rpartition(".")[2] in _RUNNING
    named = dotted_name(receiver)
    if named is None or "." in named:
        return named == "asyncio.tasks"
    made = [
        each.value
        for each in ast.walk(start.method)
        if isinstance(each, ast.Assign) and any(dotted_name(target) == named for target in each.targets)
    ]
    parameters = {each.arg for each in ast.walk(start.method.args) if isinstance(each, ast.arg)}
    looked_for = [value for value in made if not _is_none(value) or not _is_asked_about(start, named)]
    return named not in parameters and all(
        isinstance(value, ast.Call) and (dotted_name(value.func) or "").rpartition(".")[2] in _RUNNING
        for value in looked_for
    )


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _is_asked_about(start: _Start, name: str) -> bool:
    """Tell whether the call stands below `if loop:` or `if loop is not None:`."""
    return any(
        isinstance(node, ast.If)
        and ast.unparse(node.test) in (name, f"{name} is not None")
        and start.call in _inside(node.body)
        for node in ast.walk(start.method)
    )


def _is_async(start: _Start, function: ast.expr) -> bool:
    own = _first_parameter(start.method)
    if isinstance(function, ast.Attribute) and dotted_name(function.value) == own:
        found: list[ast.AST] = [
            each for each in start.own_class.body if getattr(each, "name", "") == function.attr
        ]
    elif isinstance(function, ast.Name):
        found = [each for each in ast.walk(start.method) if getattr(each, "name", "") == function.id]
    else:
        return False
    return bool(found) and all(isinstance(each, ast.AsyncFunctionDef) and not _yields(each) for each in found)


def _yields(function: ast.AsyncFunctionDef) -> bool:
    return any(isinstance(each, ast.Yield) for each in ast.walk(function))


def _starts(text: str, target: LegacyOrchestrator) -> Iterator[_Start]:
    for node in parse(text).body:
        if isinstance(node, ast.ClassDef) and node.name == target.class_name:
            for method in node.body:
                if isinstance(method, Function) and method.args.args:
                    for each in ast.walk(method):
                        if isinstance(each, ast.Call) and _creates(each.func):
                            yield _Start(each, method, node)


def _creates(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else dotted_name(function)
    return name in _CREATORS


def _is_thread(text: str, line: int) -> bool:
    """A thread is the class's own affair before and after: the framework supervises tasks."""
    return any(
        isinstance(node, ast.Call)
        and node.lineno <= line <= (node.end_lineno or node.lineno)
        and (dotted_name(node.func) or "").rpartition(".")[2] in ("Thread", "Timer")
        for node in ast.walk(parse(text))
    )


def _first_parameter(method: Function) -> str:
    return (*method.args.posonlyargs, *method.args.args)[0].arg


def _text(node: ast.expr, offsets: Offsets) -> str:
    place = offsets.place(node)
    return offsets.text[place.start : place.end]
