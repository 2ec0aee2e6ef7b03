"""A hub that imports and builds all it needs when it is built."""

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    lazy,
    operation,
)
from shop.parts import Scores, make_memory


class HubOrchestrator(BaseOrchestrator):
    """Brings parts together."""

    _router = lazy("shop.parts:get_router", close=False)
    memory = lazy(make_memory, close=False)
    _scores = lazy(Scores, close=False)  # by name

    # what may be given
    def __init__(self, router=None, memory=None, size=3):
        super().__init__(
            layer=OrchestrationLayer.APPLICATION,
            name="hub",
            orchestration_type=OrchestrationType.COORDINATION,
        )

        self._router = router or None
        self.memory = memory
        self.size = size

    @operation
    def route(self, item):
        self._router.seen.append(item)
        self._scores.values[item] = float(self.size)
        return self._router.name

    @operation
    def seen(self):
        return list(self._router.seen), dict(self._scores.values), self.memory.notes


class RelativeOrchestrator(BaseOrchestrator):
    _way = lazy("shop.parts:get_router", close=False)
    _own = lazy(make_memory, close=False)

    def __init__(self, router=None):
        super().__init__(
            layer=OrchestrationLayer.APPLICATION,
            name="relative",
            orchestration_type=OrchestrationType.COORDINATION,
        )
        self._way = router or None

    @operation
    def way(self):
        return self._way.name, self._own.notes


class PartialOrchestrator(BaseOrchestrator):
    _memory = lazy("shop.parts:Memory", close=False)
    _partial = lazy("shop.parts:Router", close=False)

    def __init__(self):
        super().__init__(
            layer=OrchestrationLayer.APPLICATION,
            name="partial",
            orchestration_type=OrchestrationType.COORDINATION,
        )
        from .parts import Scores

        self.kind = Scores

    @operation
    def all(self):
        return self._memory, self._partial, self.kind
