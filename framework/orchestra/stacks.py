"""Where a suspended task stands."""

from __future__ import annotations

import gc
import traceback
from types import AsyncGeneratorType, CoroutineType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator
    from types import FrameType


def frames_of(task: asyncio.Task[Any]) -> Iterator[FrameType]:
    """Yield the frames of a task, outermost first, through coroutines and async generators alike."""
    inner: Any = task.get_coro()
    while inner is not None:
        frame = getattr(inner, "cr_frame", None) or getattr(inner, "ag_frame", None)
        if frame is not None:
            yield frame
            inner = getattr(inner, "cr_await", None) or getattr(inner, "ag_await", None)
        else:
            inner = _wrapped(inner)


def stack_of(task: asyncio.Task[Any]) -> list[str]:
    """Return where a task stands, outermost first, as ``file:line in function``."""
    summaries = [traceback.extract_stack(frame, limit=1)[0] for frame in frames_of(task)]
    return [f"{one.filename}:{one.lineno} in {one.name}" for one in summaries]


def _wrapped(inner: object) -> object:
    """Return what an awaitable written in C drives, such as that of ``anext()``; no attribute tells."""
    for found in gc.get_referents(inner):
        if isinstance(found, CoroutineType | AsyncGeneratorType):
            return found
    return None
