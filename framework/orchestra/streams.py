"""Read an async generator operation through the facade, with cancellation and clean-up."""

from __future__ import annotations

import inspect
from time import perf_counter
from typing import TYPE_CHECKING, Any

from orchestra.calls import CURRENT
from orchestra.categories import category_of
from orchestra.deadlines import before
from orchestra.errors import OperationNotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from orchestra.calls import Call
    from orchestra.entry import Entry


class Stream:
    """An async iterator over what an operation yields; counted as one call from the first item to the end.

    ``async for`` alone is enough when it is read to the end; ``async with facade.stream(…) as items:`` also
    closes the generator when the reader leaves early. The facade closes those that are still open.
    """

    def __init__(self, open_: Callable[[Stream], Any]) -> None:
        self._open = open_
        self._items: Any = None
        self._is_closed = False
        self.entry: Entry | None = None
        self.call: Call | None = None
        self.on_end: Callable[[Stream, float], None] | None = None
        self._started = 0.0
        self._is_reading = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:
        if self._is_closed:
            raise StopAsyncIteration
        self._is_reading = True
        try:
            return await self._next()
        except StopAsyncIteration:
            await self._close()
            raise
        except BaseException as error:
            if self.entry is not None:
                category = "CANCELLED" if not isinstance(error, Exception) else category_of(error).name
                self.entry.counters.fail(category)
            await self._close()
            raise
        finally:
            self._is_reading = False

    async def _next(self) -> Any:
        if self._items is None:
            self._started = perf_counter()
            self._items = await self._open(self)
        items, call = self._items, self.call
        token = CURRENT.set(call)
        try:
            if call is not None and call.context.deadline is not None:
                return await before(call.context.deadline, call.name, lambda: anext(items))
            return await anext(items)
        finally:
            CURRENT.reset(token)

    async def aclose(self) -> None:
        """Close the generator: its ``finally`` blocks run now. Idempotent; while another task waits for the
        next item it is that task's end that closes it.
        """
        if not self._is_reading:
            await self._close()

    async def _close(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        close = getattr(self._items, "aclose", None)
        try:
            if close is not None:
                await close()
        finally:
            self._end()

    def _end(self) -> None:
        if self.on_end is not None:
            self.on_end(self, perf_counter() - self._started)

    def __del__(self) -> None:
        # Left by its reader without ``async with``: asyncio closes the generator, this gives the place back.
        if not self._is_closed:
            self._is_closed = True
            self._end()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


async def open_items(orchestrator: str, operation: str, value: Any) -> Any:
    """Return the iterator behind what a streaming operation returned."""
    if inspect.isawaitable(value):
        value = await value
    if not hasattr(value, "__aiter__"):
        raise OperationNotFoundError(
            f"Operation '{operation}' of '{orchestrator}' is no stream",
            hint="Only async generators are streamed; use facade.orchestrate(…) or facade.call(…)",
        )
    return aiter(value)
