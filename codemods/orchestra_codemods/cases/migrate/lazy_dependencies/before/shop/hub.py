"""A hub that imports and builds all it needs when it is built."""

from shop.parts import Scores, make_memory


class HubOrchestrator:
    """Brings parts together."""

    # what may be given
    def __init__(self, router=None, memory=None, size=3):
        from shop.parts import get_router

        self._router = router or get_router()
        self.memory = memory if memory is not None else make_memory()
        self._scores = Scores()  # by name
        self.size = size

    def route(self, item):
        self._router.seen.append(item)
        self._scores.values[item] = float(self.size)
        return self._router.name

    def seen(self):
        return list(self._router.seen), dict(self._scores.values), self.memory.notes


class RelativeOrchestrator:
    def __init__(self, router=None):
        from .parts import get_router as build
        self._way = router or build()
        self._own = make_memory()

    def way(self):
        return self._way.name, self._own.notes


class PartialOrchestrator:
    def __init__(self):
        from .parts import Memory, Router as Way, Scores

        self._memory = Memory()
        self._partial = Way()
        self.kind = Scores

    def all(self):
        return self._memory, self._partial, self.kind
