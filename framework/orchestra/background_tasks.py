"""Mark a method as a background task that the framework starts, supervises and stops."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar, overload

from orchestra.context import check_seconds
from orchestra.errors import InvalidOptionError

Restart = Literal["on_failure", "never"]
OnFailure = Literal["log", "fail"]
Start = Literal["lazy", "eager", "manual"]
Loop = TypeVar("Loop", bound=Callable[..., Awaitable[Any]])

BACKGROUND_MARK = "__orchestra_background__"


@dataclass(frozen=True, slots=True)
class BackgroundOptions:
    """How one background task is run; all durations are seconds.

    ``interval``: call the method again that long after it returned; None: it is a loop of its own.
    ``restart``: "on_failure" waits ``backoff``, doubled with each failure up to ``max_backoff``, with jitter,
    and gives up after more than ``max_restarts`` failures ``within`` seconds; "never" ends with the first
    failure.
    ``on_failure``: what giving up means, a log entry, or that the orchestrator refuses calls.
    ``singleton``: of the workers of a durable store only one runs it at a time; a facade that is on no store
    knows of no others.
    ``start``: "lazy" with the first operation, "eager" at construction when a loop runs, "manual" only with
    ``runtime.start()``. ``grace``: how long it may finish its work on shutdown before it is cancelled.
    """

    interval: float | None = None
    restart: Restart = "on_failure"
    max_restarts: int = 5
    within: float = 60.0
    backoff: float = 0.5
    max_backoff: float = 30.0
    on_failure: OnFailure = "log"
    start: Start | None = None
    grace: float = 5.0
    singleton: bool = False


@overload
def background(function: Loop, /) -> Loop: ...


@overload
def background(
    *,
    interval: float | None = None,
    restart: Restart = "on_failure",
    max_restarts: int = 5,
    within: float = 60.0,
    backoff: float = 0.5,
    max_backoff: float = 30.0,
    on_failure: OnFailure = "log",
    start: Start | None = None,
    grace: float = 5.0,
    singleton: bool = False,
) -> Callable[[Loop], Loop]: ...


def background(function: Any = None, /, **options: Any) -> Any:
    """Mark an ``async def`` method without parameters as a supervised background task.

    ``@background`` marks a loop, which waits with ``await self.runtime.wait_stopped(seconds)`` instead of
    sleeping;
    ``@background(interval=60)`` marks a periodic task. Options are those of :class:`BackgroundOptions`.
    """
    if function is None:
        marked = check_background(replace(BackgroundOptions(), **options))
        return lambda decorated: _mark(decorated, marked)
    return _mark(function, BackgroundOptions())


def check_background(options: BackgroundOptions) -> BackgroundOptions:
    """Return the options, or raise InvalidOptionError or InvalidTimeoutError for what has no meaning."""
    for name in ("interval", "within", "backoff", "max_backoff", "grace"):
        value = getattr(options, name)
        if value is not None:
            check_seconds(value, f"A background task's {name}")
    if options.interval == 0:
        raise InvalidOptionError("interval=0 would spin", hint="Leave interval out for a loop of its own")
    for name, choices in (
        ("restart", ("on_failure", "never")),
        ("on_failure", ("log", "fail")),
        ("start", (None, "lazy", "eager", "manual")),
    ):
        if getattr(options, name) not in choices:
            raise InvalidOptionError(
                f"{name}={getattr(options, name)!r} is unknown",
                hint=f"Use one of {', '.join(map(repr, choices))}",
            )
    return options


def _mark(function: Any, options: BackgroundOptions) -> Any:
    if not callable(function):
        raise InvalidOptionError("@background marks methods", hint="Put it directly above 'async def'")
    setattr(function, BACKGROUND_MARK, options)
    return function
