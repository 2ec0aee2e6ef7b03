from functools import _lru_cache_wrapper

from bot_platform.mixins import TimingMixin

BASE: dict[str, float]

class TrustScoringOrchestrator(TimingMixin):
    weights: dict[str, float]
    def __init__(self, weights: dict[str, float] | None = None) -> None: ...
    async def score(self, url: str, text: str, *, tenant: str = "default", name: str | None = None) -> float: ...
    async def compare(self, first: tuple[str, str], second: tuple[str, str]) -> tuple[str, str]: ...
    def override(self, name: str, value: float, tenant: str = "default") -> None: ...

get_trust_scorer: _lru_cache_wrapper[TrustScoringOrchestrator]
