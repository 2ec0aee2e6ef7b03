"""Calls from threads without an event loop.

A facade that is bound to a running loop gets them there. One that is not owns a private loop, in a thread of
its own, on which its background tasks run as well.
"""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures
import contextvars
import threading
import weakref
from typing import TYPE_CHECKING, Any

from orchestra.errors import SyncCallError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from orchestra.closing import CloseReport
    from orchestra.facade import OrchestrationFacade


class PrivateLoop:
    """An event loop in a daemon thread, for one facade."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="orchestra-loop", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the loop and its thread."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
            for task in asyncio.all_tasks(self.loop):
                task.cancel()
            self.loop.run_until_complete(asyncio.sleep(0))
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        finally:
            self.loop.close()


_private: weakref.WeakKeyDictionary[OrchestrationFacade, PrivateLoop] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def run_blocking(facade: OrchestrationFacade, start: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run the coroutine on the facade's loop and block; refuse where that would block an event loop."""
    _refuse_on_a_loop()
    loop = facade.closer.loop
    if loop is None or loop.is_closed() or not loop.is_running():
        loop = _private_loop(facade).loop
    return _submit(loop, start)


def close_blocking(facade: OrchestrationFacade) -> CloseReport:
    """Close the facade on its loop, or on one that is made for it, and end its private loop."""
    _refuse_on_a_loop()
    report: CloseReport = run_blocking(facade, facade.aclose)
    with _lock:
        private = _private.pop(facade, None)
    if private is not None:
        private.stop()
    return report


def _refuse_on_a_loop() -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise SyncCallError(
        "A synchronous call here would block the event loop that runs on this thread",
        hint="Await facade.orchestrate(…) or facade.call(…), or call from another thread (asyncio.to_thread)",
    )


def _submit(loop: asyncio.AbstractEventLoop, start: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run with this thread's context variables, so that a nested call derives its context."""
    done: concurrent.futures.Future[Any] = concurrent.futures.Future()
    context = contextvars.copy_context()

    def begin() -> None:
        task = loop.create_task(start(), context=context)
        task.add_done_callback(finish)
        done.add_done_callback(
            lambda future: loop.call_soon_threadsafe(task.cancel) if future.cancelled() else None
        )

    def finish(task: asyncio.Task[Any]) -> None:
        if done.cancelled():
            return
        if task.cancelled():
            done.set_exception(asyncio.CancelledError())
        elif (error := task.exception()) is not None:
            done.set_exception(error)
        else:
            done.set_result(task.result())

    loop.call_soon_threadsafe(begin)
    try:
        return done.result()
    except BaseException:
        done.cancel()
        raise


def _private_loop(facade: OrchestrationFacade) -> PrivateLoop:
    with _lock:
        found = _private.get(facade)
        if found is None or found.loop.is_closed():
            found = _private[facade] = PrivateLoop()
        return found


@atexit.register
def _close_left_over() -> None:
    for facade in tuple(_private):
        close_blocking(facade)
