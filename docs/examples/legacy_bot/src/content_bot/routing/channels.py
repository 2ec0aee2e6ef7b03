"""Routes chat messages between channels, over queues."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import Any

from content_bot.errors import NotReady, UnknownChannel
from content_bot.routing.router import ContentRouter, get_router

log = logging.getLogger(__name__)


class Inbox:
    """An asynchronous iterator over messages which ends when it is closed."""

    _end = object()

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Any] = asyncio.Queue()

    def put(self, message: Any) -> None:
        self._queue.put_nowait(message)

    def close(self) -> None:
        self._queue.put_nowait(self._end)

    def __len__(self) -> int:
        return self._queue.qsize()

    def __aiter__(self) -> Inbox:
        return self

    async def __anext__(self) -> Any:
        message = await self._queue.get()
        if message is self._end:
            raise StopAsyncIteration
        return message


class Coordinator:
    """Coordinates the channels: one inbox and one worker for each of them."""

    def __init__(self, router: ContentRouter | None = None, names: tuple[str, ...] = ("analyse", "transcribe")) -> None:
        self.router = router or get_router()
        self.inboxes = {name: Inbox() for name in names}
        self.delivered: dict[str, list[Any]] = {name: [] for name in names}
        self.dead_letters: deque[tuple[str, Any]] = deque(maxlen=100)
        self._workers: list[asyncio.Task[None]] = []
        self._handlers: dict[str, Any] = {}

    async def start(self) -> bool:
        """Start a worker per channel. False when they run already."""
        if self._workers:
            return False
        for name in self.inboxes:
            self._workers.append(asyncio.create_task(self._work(name)))
        return True

    async def shutdown(self) -> int:
        """Deliver what is queued, then end. Returns the number of messages delivered."""
        for inbox in self.inboxes.values():
            inbox.close()
        await asyncio.gather(*self._workers)
        self._workers.clear()
        return sum(len(messages) for messages in self.delivered.values())

    def handle(self, name: str, handler: Any) -> None:
        if name not in self.inboxes:
            raise UnknownChannel(name)
        self._handlers[name] = handler

    def submit(self, name: str, message: Any) -> None:
        """Queue for a channel."""
        try:
            self.inboxes[name].put(message)
        except KeyError:
            raise UnknownChannel(name) from None

    def submit_link(self, url: str) -> str:
        """Let the router choose the channel, and return its name."""
        name = self.router.route(url)
        self.submit(name, url)
        return name

    async def request(self, name: str, message: Any) -> Any:
        """Deliver now and return the answer of the handler."""
        if name not in self._handlers:
            raise NotReady(f"no handler for {name}")
        return await self._handlers[name](message)

    def backlog(self) -> dict[str, int]:
        return {name: len(inbox) for name, inbox in self.inboxes.items()}

    async def _work(self, name: str) -> None:
        async for message in self.inboxes[name]:
            try:
                if name in self._handlers:
                    await self._handlers[name](message)
                self.delivered[name].append(message)
            except Exception as error:
                log.warning("%s could not be delivered to %s: %s", message, name, error)
                self.dead_letters.append((name, message))


_orchestrator: Coordinator | None = None


async def get_coordinator() -> Coordinator:
    """The coordinator, started."""
    coordinator = get_orchestrator()
    await coordinator.start()
    return coordinator


def get_orchestrator() -> Coordinator:
    global _orchestrator
    if _orchestrator is None:
        _orchestrator = Coordinator()
    return _orchestrator


def reset_orchestrator() -> None:
    global _orchestrator
    _orchestrator = None
