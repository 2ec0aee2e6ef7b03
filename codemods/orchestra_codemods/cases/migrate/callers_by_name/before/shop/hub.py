import threading
from functools import lru_cache

_hub = None
_lock = threading.Lock()


class HubOrchestrator:
    def __init__(self, size=3):
        self.size = size
        self.seen = []

    async def send(self, text, *more, name="", operation=None, **rest):
        self.seen.append((text, more, name, operation, rest))
        return len(self.seen)

    async def total(self, numbers=()):
        return sum(numbers)

    async def fail(self, why):
        raise KeyError(why)

    async def items(self):
        for one in self.seen:
            yield one

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


class TrustOrchestrator:
    async def score(self, url):
        return len(url) % 3


@lru_cache(maxsize=None)
def get_trust():
    return TrustOrchestrator()


async def warm_up():
    """A caller beside the class."""
    return await get_hub().total((1, 2))
