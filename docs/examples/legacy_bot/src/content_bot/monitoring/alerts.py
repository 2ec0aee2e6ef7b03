"""Signals and alerts, sent to whoever listens."""

import asyncio
import logging
from collections import deque

from content_bot.models import Severity

logger = logging.getLogger(__name__)


class AlertCoordinator:
    """Routes alerts to sinks: immediately when critical, else from a queue."""

    def __init__(self, sinks=None, interval=1.0, minimum=Severity.INFO):
        self.sinks = list(sinks or [])
        self.interval = interval
        self.minimum = minimum
        self.queue = deque()
        self.sent = 0
        self._task = None
        self._muted = set()
        self._setup()

    def _setup(self):
        """Everything that needs a loop; without one the owner calls deliver() by hand."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            logger.debug("no loop, alerts are delivered by hand")
            return
        self._task = asyncio.ensure_future(self._delivery_loop())

    async def alert(self, source, text, severity=Severity.WARNING):
        """True when the alert was taken (sent or queued)."""
        if source in self._muted or severity.value < self.minimum.value:
            return False
        if severity is Severity.CRITICAL:
            await self._send(source, text, severity)
        else:
            self.queue.append((source, text, severity))
        return True

    async def deliver(self):
        """Send what is queued, worst first."""
        waiting = sorted(self.queue, key=lambda alert: -alert[2].value)
        self.queue.clear()
        for alert in waiting:
            await self._send(*alert)
        return len(waiting)

    def mute(self, source):
        self._muted.add(source)

    def unmute(self, source):
        """KeyError when it was not muted."""
        self._muted.remove(source)

    def close(self):
        if self._task is not None:
            self._task.cancel()
            self._task = None

    @property
    def active(self):
        return self._task is not None and not self._task.done()

    async def _delivery_loop(self):
        while True:
            await self.deliver()
            await asyncio.sleep(self.interval)

    async def _send(self, source, text, severity):
        for sink in self.sinks:
            await sink(f"[{severity.name}] {source}: {text}")
        self.sent += 1


_alerts = None


def get_alerts():
    if _alerts is None:
        raise RuntimeError("initialize_alerts() was not called")
    return _alerts


def initialize_alerts(*sinks, **options):
    """Build the coordinator of the process. A second call replaces it."""
    global _alerts
    _alerts = AlertCoordinator(sinks, **options)
    return _alerts
