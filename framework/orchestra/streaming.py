"""The part of the facade that hands out streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orchestra.boundaries import Boundaries
from orchestra.calls import CURRENT
from orchestra.parameters import check_fit
from orchestra.routing import find_operation, run_found

if TYPE_CHECKING:
    from weakref import WeakSet

    from orchestra.context import OrchestrationContext
    from orchestra.streams import Stream


class Streaming(Boundaries):
    """The part of the facade that hands out streams and closes them."""

    _streams: WeakSet[Stream]

    def stream(
        self,
        target: str | object,
        operation: str,
        context: OrchestrationContext | None = None,
        /,
        *args: Any,
        **kwargs: Any,
    ) -> Stream:
        """Return an async iterator over what an async generator operation yields; see :class:`Stream`."""
        from orchestra.guards import admit
        from orchestra.streams import Stream, open_items

        async def open_(stream: Stream) -> Any:
            entry = self._entries.get(target) if isinstance(target, str) else self._entry_of(target)
            if entry is None or self._closed:
                entry = await self._find(target)
            found = find_operation(entry.orchestrator, entry.catalog, operation)
            call = self._begin(entry, context, operation, by_name=isinstance(target, str))
            stream.entry, stream.call, stream.on_end = entry, call, self._end_stream
            self._streams.add(stream)
            await admit(self._as_facade(), entry, call)
            token = CURRENT.set(call)
            try:
                if found is not None and found.plain and not args:
                    check_fit(entry.orchestrator, found, kwargs)
                value = await run_found(entry.orchestrator, found, call, args, kwargs)
                return await open_items(entry.name, operation, value)
            finally:
                CURRENT.reset(token)

        return Stream(open_)

    async def close_streams(self) -> None:
        """Close the streams that are open and from which nobody reads at this moment."""
        for stream in tuple(self._streams):
            await stream.aclose()

    def _end_stream(self, stream: Stream, elapsed: float) -> None:
        self._streams.discard(stream)
        if stream.entry is not None and stream.call is not None:
            self._end(stream.entry, stream.call, elapsed)
