import threading
from functools import lru_cache

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)

_hub = None
_lock = threading.Lock()


class HubOrchestrator(BaseOrchestrator):
    def __init__(self, size=3):
        super().__init__(
            layer=OrchestrationLayer.APPLICATION,
            name="hub",
            orchestration_type=OrchestrationType.COORDINATION,
        )
        self.size = size
        self.seen = []

    @operation
    async def send(self, text, *more, name="", operation=None, **rest):
        self.seen.append((text, more, name, operation, rest))
        return len(self.seen)

    @operation
    async def total(self, numbers=()):
        return sum(numbers)

    @operation
    async def fail(self, why):
        raise KeyError(why)

    @operation
    async def items(self):
        for one in self.seen:
            yield one

    @operation
    def count(self):
        return len(self.seen)

    async def _tidy(self):
        self.seen.clear()


def get_hub() -> HubOrchestrator:
    """Return the hub of the process."""
    global _hub
    if _hub is None:
        with _lock:
            if _hub is None:
                _hub = HubOrchestrator()
    return _hub


class TrustOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="trust",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    async def score(self, url):
        return len(url) % 3


@lru_cache(maxsize=None)
def get_trust():
    return TrustOrchestrator()


async def warm_up():
    """A caller beside the class."""
    from core.orchestration import get_orchestration_facade
    return await get_orchestration_facade().call("hub", "total", None, (1, 2))
