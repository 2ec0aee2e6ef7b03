"""Starting and stopping what a runtime holds."""

from __future__ import annotations

import asyncio
import inspect
from itertools import count
from typing import TYPE_CHECKING, Any

from orchestra.bounded import CANCEL_SECONDS, run_bounded
from orchestra.log import log_event
from orchestra.runtime import RUNNING, Runtime
from orchestra.stacks import stack_of
from orchestra.stopping import wait_for_tasks
from orchestra.supervisor import Supervised

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from orchestra.background_tasks import BackgroundOptions
    from orchestra.supervisor import Turns

Left = tuple[str, list[str]]  # a task that would not end, and where it stands

_LEVEL_OF = {"background_failed": "warning", "background_restarted": "info", "background_gave_up": "error"}
_order = count(1)


def start_tasks(runtime: Runtime, *, manual: bool) -> bool:
    """Start what is due on the running loop; False, and nothing happened, when none runs."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return False
    if runtime.is_orphaned:
        runtime.tasks.clear()
        runtime.loop = None
    if runtime.state in ("stopped", "failed"):
        runtime.rearm()
    for name, function, options in due(runtime, manual=manual):
        _ = _launch(runtime, loop, name, function, options)
    runtime.deferred.clear()
    if runtime.state != "started":
        runtime.order = next(_order)
    runtime.state = "started"
    runtime.ready = True
    return True


def due(
    runtime: Runtime, *, manual: bool
) -> list[tuple[str, Callable[[], Awaitable[Any]], BackgroundOptions]]:
    """Return the tasks that a start of this kind starts and that do not run yet."""
    hooks = [
        (name, function, options)
        for name, function, options in runtime.background
        if manual or (runtime.start_policy or options.start) != "manual"
    ]
    return [hook for hook in hooks + runtime.deferred if not _is_running(runtime, hook[0])]


def start_eager(runtime: Runtime) -> None:
    """At construction: start now when a loop runs and the class asked for it."""
    wanted = [options.start for _, _, options in runtime.background]
    if runtime.start_policy == "eager" or "eager" in wanted:
        start_tasks(runtime, manual=False)


def spawn_task(
    runtime: Runtime,
    function: Any,
    args: tuple[Any, ...],
    name: str | None,
    options: BackgroundOptions,
    *,
    loop: asyncio.AbstractEventLoop | None = None,
) -> asyncio.Task[Any] | None:
    """Start a task now, or remember it for the first operation that runs on a loop."""
    if inspect.iscoroutine(function):
        function.close()
        raise TypeError("spawn() takes the async function and its arguments, not the coroutine: spawn(f, x)")
    unique = _unique(runtime, name or str(getattr(function, "__name__", "task")))
    bound = (lambda: function(*args)) if args else function
    try:
        loop = loop or asyncio.get_running_loop()
    except RuntimeError:
        runtime.deferred.append((unique, bound, options))
        runtime.ready = False
        _start_with_direct_calls(type(runtime.owner))
        return None
    if runtime.is_stopping and runtime.state == "stopped":
        runtime.rearm()
    return _launch(runtime, loop, unique, bound, options)


def _start_with_direct_calls(kind: type) -> None:
    from orchestra.base import BaseOrchestrator
    from orchestra.wrapping import wrap_operations

    if issubclass(kind, BaseOrchestrator):
        wrap_operations(kind)


async def stop_tasks(runtime: Runtime) -> list[Left]:
    """Ask the tasks to stop, wait out their grace, cancel the rest; return those that would not end.

    Those are left behind: no later stop waits for them again.
    """
    runtime.stop_signal.set()
    me = asyncio.current_task()
    running = [one for one in runtime.tasks.values() if one.is_running and one.task is not me]
    runtime.state = "stopping"
    left: list[Left] = []
    if running and not runtime.is_orphaned:
        left = await _end(runtime, running)
    runtime.tasks = {name: one for name, one in runtime.tasks.items() if one.state == "gave up"}
    runtime.state = "stopped"
    runtime.loop = None
    RUNNING.discard(runtime)
    return left


async def shut_down(runtime: Runtime) -> tuple[list[Left], list[BaseException]]:
    """Stop the tasks, run the clean-ups last first, close dependencies that were loaded here.

    Each is bounded; return what was overdue and the exceptions, which are logged as well.
    """
    left = await stop_tasks(runtime)
    errors: list[BaseException] = []
    while runtime.cleanups:
        await _attempt(runtime, "cleanup", runtime.cleanups.pop(), left, errors)
    for name, (dependency, ours) in tuple(runtime.dependencies.items()):
        if ours:
            del runtime.dependencies[name]
            close = getattr(dependency, "aclose", None) or getattr(dependency, "close", None)
            if callable(close):
                await _attempt(runtime, f"dependency {name}", close, left, errors)
    runtime.ready = False
    return left, errors


async def _attempt(
    runtime: Runtime, what: str, callback: Callable[[], Any], left: list[Left], errors: list[BaseException]
) -> None:
    event = what.partition(" ")[0]
    ended = await run_bounded(callback, runtime.cleanup_seconds, f"orchestra:{runtime.label}:{what}")
    if ended.overdue:
        left.append((what, ended.overdue))
        log_event("error", f"{event}_overdue", orchestrator=runtime.label, what=what, stack=ended.overdue)
    if ended.error is not None:
        errors.append(ended.error)
        event = "cleanup_failed" if event == "cleanup" else "dependency_close_failed"
        log_event("error", event, orchestrator=runtime.label, error_type=type(ended.error).__name__)


def stop_without_waiting(runtime: Runtime) -> None:
    """For a synchronous ``cleanup``: signal the stop and cancel; the loop does the rest."""
    runtime.stop_signal.set()
    for one in runtime.tasks.values():
        if one.task is not None and one.is_running and not one.task.get_loop().is_closed():
            one.task.get_loop().call_soon_threadsafe(one.task.cancel)
    runtime.state = "stopped"
    runtime.ready = False


async def _end(runtime: Runtime, running: list[Supervised]) -> list[Left]:
    tasks = {one.task: one for one in running if one.task is not None}
    if next(iter(tasks)).get_loop() is not asyncio.get_running_loop():
        stop_without_waiting(runtime)
        return []
    # One turn of the loop lets everyone who waits for the signal leave before sleepers are told apart.
    await asyncio.sleep(0)
    for one in running:
        if one.is_merely_sleeping:
            one.cancel()
    late = await wait_for_tasks(tasks, max(one.options.grace for one in running))
    for task in late:
        task.cancel()
    left = [(tasks[task].name, stack_of(task)) for task in await wait_for_tasks(late, CANCEL_SECONDS)]
    for name, stack in left:
        log_event("error", "background_overdue", orchestrator=runtime.label, task=name, stack=stack)
    return left


def _launch(
    runtime: Runtime,
    loop: asyncio.AbstractEventLoop,
    name: str,
    function: Callable[[], Awaitable[Any]],
    options: BackgroundOptions,
) -> asyncio.Task[Any]:
    supervised = Supervised(
        name,
        function,
        options,
        runtime.stop_signal,
        lambda *found: _report(runtime, *found),
        turns=lambda: _turns(runtime),
    )
    runtime.tasks[name] = supervised
    runtime.loop = loop
    RUNNING.add(runtime)
    task = supervised.start(loop, runtime.label)
    task.add_done_callback(lambda _: _forget(runtime, supervised))
    return task


def _turns(runtime: Runtime) -> Turns | None:
    """Return how singletons of this orchestrator take turns with those of other processes, where they do."""
    facade = runtime.facade_reference() if runtime.facade_reference is not None else None
    if facade is None or facade.turns is None:
        return None
    take = facade.turns
    return lambda name, rounds, stop: take(f"{runtime.label}.{name}", rounds, stop)


async def restart_singletons(runtime: Runtime) -> None:
    """Start the singletons that run anew, after those that run have ended, bounded."""
    running = [one for one in runtime.tasks.values() if one.options.singleton and one.is_running]
    for one in running:
        one.cancel()
    await wait_for_tasks([one.task for one in running if one.task is not None], runtime.cleanup_seconds)
    if runtime.state != "started":
        return
    for one in running:
        _ = _launch(runtime, asyncio.get_running_loop(), one.name, one.function, one.options)


def _forget(runtime: Runtime, supervised: Supervised) -> None:
    """Drop a task that ended well, so that spawning per call leaves nothing behind."""
    if supervised.state != "gave up" and runtime.tasks.get(supervised.name) is supervised:
        del runtime.tasks[supervised.name]


def _report(runtime: Runtime, task: Supervised, event: str, error: BaseException) -> None:
    if event == "background_restarted":
        runtime.restarts[task.name] = runtime.restarts.get(task.name, 0) + 1
    if event == "background_gave_up" and task.options.on_failure == "fail":
        runtime.state = "failed"
        runtime.ready = False
        runtime.reason = f"the background task '{task.name}' gave up after {task.failures} failures"
    log_event(
        _LEVEL_OF[event],
        event,
        orchestrator=runtime.label,
        task=task.name,
        error_type=type(error).__name__,
        failures=task.failures,
        restarts=task.restarts,
    )


def _is_running(runtime: Runtime, name: str) -> bool:
    one = runtime.tasks.get(name)
    return one is not None and one.is_running


def _unique(runtime: Runtime, name: str) -> str:
    taken = {task for task in runtime.tasks if _is_running(runtime, task)}
    taken.update(hook[0] for hook in runtime.deferred)
    unique, number = name, 1
    while unique in taken:
        number += 1
        unique = f"{name}-{number}"
    return unique
