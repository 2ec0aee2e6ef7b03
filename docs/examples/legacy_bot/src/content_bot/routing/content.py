"""Routing of finished content to the places where it is shown.

Not to be confused with bot_platform.content, which stores it.
"""

from collections import deque

from content_bot.metrics import MetricsRegistry

TARGETS = ("chat", "archive", "newsletter")


class ContentOrchestrator:
    """Feeds three targets from one queue each."""

    metrics = MetricsRegistry("content")

    def __init__(self, targets=TARGETS, capacity=50):
        self.capacity = capacity
        self.queues = {target: deque() for target in targets}
        self.dropped = 0

    def publish(self, item, *targets):
        """Queue for the targets (all of them when none is named); returns how many took it."""
        taken = 0
        for target in targets or self.queues:
            queue = self.queues[target]
            if len(queue) >= self.capacity:
                queue.popleft()
                self.dropped += 1
            queue.append(item)
            taken += 1
        self.metrics.increment("published", taken)
        return taken

    async def drain(self, target, sender):
        """Send everything that waits for ``target``."""
        sent = 0
        queue = self.queues[target]
        while queue:
            item = queue[0]
            await sender(item)
            queue.popleft()
            sent += 1
        return sent

    async def route_feedback(self, item, reward):
        """Good content goes to the newsletter, bad content out of every queue."""
        if reward >= 0.5:
            return self.publish(item, "newsletter") == 1
        for queue in self.queues.values():
            while item in queue:
                queue.remove(item)
        return False

    def waiting(self):
        return {target: len(queue) for target, queue in self.queues.items()}
