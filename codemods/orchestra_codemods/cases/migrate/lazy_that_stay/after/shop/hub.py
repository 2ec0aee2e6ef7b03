from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)
from shop.parts import Counted, Needy, Patched, Plain, get_kept


class HubOrchestrator(BaseOrchestrator):
    def __init__(self, kept=None, size=3):
        super().__init__(
            layer=OrchestrationLayer.APPLICATION,
            name="hub",
            orchestration_type=OrchestrationType.COORDINATION,
        )
        from shop.loud import Loud

        try:
            from shop.parts import Plain as Other
        except ImportError:
            Other = None
        self._counted = Counted()
        self._needy = Needy(size)
        self._patched = Patched()
        self._kept = kept or get_kept()
        self._loud = Loud()
        self._other = Other()
        self._reset = Plain()
        self._named = Plain()
        self._pair = [Plain()]

    @operation
    def reset(self):
        self._reset = None

    @operation
    def run(self):
        return self._reset


class BaseHubOrchestrator(BaseOrchestrator):
    def __init__(self):
        super().__init__(
            layer=OrchestrationLayer.APPLICATION,
            name="base_hub",
            orchestration_type=OrchestrationType.COORDINATION,
        )
        self._plain = Plain()

    @operation
    def run(self):
        return self._plain


class HeirOrchestrator(BaseHubOrchestrator):
    def run(self):
        return 1
