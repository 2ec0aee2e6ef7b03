"""Another attempt after a transient failure, with the extra ``retry`` (stamina); nothing of it before one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orchestra.categories import ErrorCategory, category_of
from orchestra.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


class _AgainError(Exception):
    """A failure that is worth another attempt; says nothing of it, because stamina logs its text."""

    def __init__(self, result: Any, error: BaseException | None) -> None:
        super().__init__("transient failure")
        self.result = result
        self.error = error


async def with_retries(attempts: int, run: Callable[[], Awaitable[Any]]) -> Any:
    """Run up to ``attempts`` times while the failure is transient; return the last result or raise its
    exception.

    Waits between attempts as stamina does: exponential backoff with jitter. Raises MissingExtraError at the
    first failure when stamina is not installed.
    """
    first = await _attempt(run)
    if not isinstance(first, _AgainError):
        return first
    stamina = _stamina()
    again: _AgainError = first
    pending: _AgainError | None = first
    try:
        async for attempt in stamina.retry_context(on=_AgainError, attempts=attempts, timeout=None):
            with attempt:
                if pending is not None:
                    pending = None
                    raise again
                outcome = await _attempt(run)
                if isinstance(outcome, _AgainError):
                    again = outcome
                    raise again
                return outcome
    except _AgainError as last:
        again = last
    if again.error is not None:
        raise again.error
    return again.result


async def _attempt(run: Callable[[], Awaitable[Any]]) -> Any:
    try:
        value = await run()
    except Exception as error:
        if category_of(error).transient:
            return _AgainError(None, error)
        raise
    if getattr(value, "success", True) is False and _is_retryable(value):
        return _AgainError(value, None)
    return value


def _is_retryable(result: Any) -> bool:
    retryable = getattr(result, "retryable", None)
    if isinstance(retryable, bool):
        return retryable
    category = getattr(getattr(result, "error_category", None), "name", "")
    return category in ErrorCategory.__members__ and ErrorCategory[category].transient


def _stamina() -> Any:
    try:
        import stamina
    except ImportError as error:
        raise MissingExtraError(
            "@operation(retry=…) needs stamina",
            hint="Install it: pip install 'orchestra-framework[retry]'",
            extra="retry",
        ) from error
    return stamina
