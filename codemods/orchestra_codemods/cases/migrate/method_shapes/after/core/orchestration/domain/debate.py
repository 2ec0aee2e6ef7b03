from functools import cached_property, lru_cache, wraps
from typing import overload

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)


def retried(function):
    @wraps(function)
    def again(*args):
        return function(*args)

    return again


class DebateOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="debate",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @classmethod
    def build(cls):
        return cls()

    @staticmethod
    @staticmethod
    def side():
        return 1

    @property
    def limit(self):
        return 1

    @limit.setter
    def limit(self, value):
        pass

    @cached_property
    def cached(self):
        return 1

    @retried
    @operation
    def again(self, text):
        return text

    @overload
    def either(self, x: int) -> int: ...
    @overload
    def either(self, x: str) -> str: ...
    @operation
    def either(self, x):
        return x

    @operation
    def twice(self):
        return 1

    @operation
    async def stream(self, a, /, *rest):
        yield a

    @operation
    def twice(self):  # noqa: F811
        return 2

    def _private(self):
        return 3
