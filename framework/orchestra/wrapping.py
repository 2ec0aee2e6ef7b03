"""What happens to the methods of a class when it is created.

``cleanup`` is followed by the framework's own shutdown, so that an override needs no ``super()``. In a class
with background tasks, a direct call of an operation starts them as a call through the facade does; in a class
without, operations are left exactly as they were written, until an instance has a task to start that was
spawned before any loop ran.
"""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any

from orchestra.background_tasks import BACKGROUND_MARK
from orchestra.catalog import marks
from orchestra.operations import OPERATION_MARK
from orchestra.runtime import runtime_of

if TYPE_CHECKING:
    from collections.abc import Callable

_WRAPPED = "__orchestra_wrapped__"


def wrap_class(kind: type) -> None:
    """Wrap ``cleanup`` where the class defines it, and the operations where the class has background
    tasks.
    """
    own_cleanup = vars(kind).get("cleanup")
    if inspect.isfunction(own_cleanup) and not hasattr(own_cleanup, _WRAPPED):
        setattr(kind, "cleanup", _mark(_stopping(own_cleanup)))  # noqa: B010 - ruff would write a mypy error
    if marks(kind, BACKGROUND_MARK):
        wrap_operations(kind)


def wrap_operations(kind: type) -> None:
    """Let direct calls of the operations start background tasks; done once is enough."""
    for name in (*marks(kind, OPERATION_MARK), "orchestrate"):
        _wrap_operation(kind, name)


def written(function: Any) -> Any:
    """Return the function as it stands in the source, without what this module put around it."""
    while hasattr(function, _WRAPPED):
        function = function.__wrapped__
    return function


def own_cleanup(orchestrator: Any) -> Callable[[], Any] | None:
    """Return the ``cleanup`` that the class wrote, without what follows it; None for the framework's own."""
    function = getattr(type(orchestrator), "cleanup", None)
    if "cleanup" in getattr(orchestrator, "__dict__", ()) or not inspect.isfunction(function):
        return orchestrator.cleanup  # type: ignore[no-any-return]
    if _is_framework(function):
        return None
    return functools.partial(written(function), orchestrator)


def _wrap_operation(kind: type, name: str) -> None:
    function = vars(kind).get(name)
    if function is not None:
        if inspect.isfunction(function) and not hasattr(function, _WRAPPED):
            setattr(kind, name, _mark(_starting(function, function)))
        return
    inherited = getattr(kind, name, None)
    if inspect.isfunction(inherited) and not hasattr(inherited, _WRAPPED) and not _is_framework(inherited):

        def dispatch(self: Any, /, *args: Any, **kwargs: Any) -> Any:
            return getattr(super(kind, self), name)(*args, **kwargs)

        setattr(kind, name, _mark(_starting(inherited, dispatch)))


def _is_framework(function: Callable[..., Any]) -> bool:
    return function.__module__ == "orchestra.base"


def _mark(function: Any) -> Any:
    setattr(function, _WRAPPED, True)
    return function


def _starting(shape: Callable[..., Any], function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method of the same kind that starts the background tasks first."""
    if inspect.isasyncgenfunction(shape):

        @functools.wraps(shape)
        async def stream(self: Any, /, *args: Any, **kwargs: Any) -> Any:
            runtime_of(self).ensure_started()
            items = function(self, *args, **kwargs)
            try:
                async for item in items:
                    yield item
            finally:
                await items.aclose()

        return stream
    if inspect.iscoroutinefunction(shape):

        @functools.wraps(shape)
        async def run(self: Any, /, *args: Any, **kwargs: Any) -> Any:
            runtime_of(self).ensure_started()
            return await function(self, *args, **kwargs)

        return run

    @functools.wraps(shape)
    def call(self: Any, /, *args: Any, **kwargs: Any) -> Any:
        runtime_of(self).ensure_started()
        return function(self, *args, **kwargs)

    return call


def _stopping(cleanup: Callable[..., Any]) -> Callable[..., Any]:
    """Return a ``cleanup`` after which the framework has stopped its tasks, also when the method raised."""
    if inspect.iscoroutinefunction(cleanup):

        @functools.wraps(cleanup)
        async def clean_up(self: Any, /, *args: Any, **kwargs: Any) -> Any:
            runtime = runtime_of(self)
            runtime.signal_stop()
            try:
                return await cleanup(self, *args, **kwargs)
            finally:
                await runtime.shut_down()

        return clean_up

    @functools.wraps(cleanup)
    def clean_up_now(self: Any, /, *args: Any, **kwargs: Any) -> Any:
        from orchestra.lifecycle import stop_without_waiting

        try:
            return cleanup(self, *args, **kwargs)
        finally:
            stop_without_waiting(runtime_of(self))

    return clean_up_now
