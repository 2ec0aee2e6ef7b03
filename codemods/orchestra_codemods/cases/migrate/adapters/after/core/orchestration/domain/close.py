import functools

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)


class WrappedOrchestrator:
    def __init__(self):
        self.layer = 3

    @functools.lru_cache
    def run(self):
        return 1


class HookedOrchestrator:
    def __getattribute__(self, name):
        return object.__getattribute__(self, name)

    def run(self):
        return 1


class ParentOrchestrator:
    name = "parent"

    def run(self):
        return 1


class ChildOrchestrator(ParentOrchestrator):
    def walk(self):
        return 1


class CloseOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="close",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    def run(self):
        return 1
