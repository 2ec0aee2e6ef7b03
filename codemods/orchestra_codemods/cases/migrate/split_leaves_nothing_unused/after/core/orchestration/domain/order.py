"""OrderOrchestrator, taken out of `shop.orders`, which goes on offering it."""

import os
import time  # for the timestamps
from dataclasses import field
from typing import Any

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)
from shop.prices import currency, price_of, rebate_of


class OrderOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="order",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )
        self.seen: dict[str, Any] = {}

    @operation
    def order(self, what: str) -> float:
        self.seen[what] = [time.time(), os.getpid(), field]
        return price_of(what) - rebate_of(what) + len(currency)
