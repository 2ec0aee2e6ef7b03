"""Mark a method as an operation that the facade and the command line can call by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, overload

from orchestra.context import check_seconds
from orchestra.errors import InvalidOptionError
from orchestra.options import check_count

Function = TypeVar("Function", bound=Callable[..., Any])

OPERATION_MARK = "__orchestra_operation__"


@dataclass(frozen=True, slots=True)
class OperationOptions:
    """What ``@operation(…)`` says about a method.

    ``name``: routed under this name instead of the method's. ``default``: taken when a call names no
    operation.
    ``timeout``: seconds that one call may take. ``retry``: attempts in all, with the extra ``retry``.
    ``safe_to_verify``: ``orchestra verify`` may execute it. ``check_types``: routed calls refuse values that
    certainly do not fit the annotation. ``durable``: may run on a store that outlives its process, see
    :mod:`orchestra.durable`. ``version``: names the code that a journal of this operation fits; left out, it
    is a digest of the module.
    """

    name: str | None = None
    default: bool = False
    timeout: float | None = None
    retry: int = 1
    safe_to_verify: bool = False
    check_types: bool = True
    durable: bool = False
    version: str | None = None


@overload
def operation(function: Function, /) -> Function: ...


@overload
def operation(
    *,
    name: str | None = None,
    default: bool = False,
    timeout: float | None = None,
    retry: int = 1,
    safe_to_verify: bool = False,
    check_types: bool = True,
    durable: bool = False,
    version: str | None = None,
) -> Callable[[Function], Function]: ...


def operation(function: Any = None, /, **options: Any) -> Any:
    """Mark a method, sync, async or async generator, as an operation; it stays the method that it was.

    The inherited ``orchestrate()`` routes ``operation="…"`` to it (the guide, "Operation Routing Pattern").
    Raises InvalidOptionError or InvalidTimeoutError for options without meaning.
    """
    if function is None:
        marked = _checked(OperationOptions(**options))
        return lambda decorated: _mark(decorated, marked)
    return _mark(function, OperationOptions())


def _checked(options: OperationOptions) -> OperationOptions:
    if options.timeout is not None:
        check_seconds(options.timeout, "An operation's timeout")
    check_count("retry", options.retry, 1, "is no number of attempts")
    version = options.version
    if version is not None and not (version.isprintable() and 0 < len(version) <= 64 and "@" not in version):
        raise InvalidOptionError(
            f"version={version!r} cannot name a version", hint="Give 1 to 64 printable characters without @"
        )
    return options


def _mark(function: Any, options: OperationOptions) -> Any:
    if not callable(function) and not isinstance(function, staticmethod | classmethod):
        raise InvalidOptionError(
            f"@operation marks methods, not {type(function).__name__} objects",
            hint="Put @operation directly above 'def' or 'async def'; properties stay unmarked",
        )
    setattr(function, OPERATION_MARK, options)
    return function
