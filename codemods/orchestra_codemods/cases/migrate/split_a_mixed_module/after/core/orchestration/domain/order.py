"""OrderOrchestrator, taken out of `shop.orders`, which goes on offering it."""

from __future__ import annotations

import logging
from collections import deque
from enum import Enum
from typing import TYPE_CHECKING

from core.orchestration import BaseOrchestrator, OrchestrationLayer, OrchestrationType, operation
from shop.prices import price_of

try:
    import ujson as json
except ImportError:
    json = None

if TYPE_CHECKING:
    from collections.abc import Iterable

logger = logging.getLogger("shop.orders")

# how many orders are held back
LIMIT = 10


class OrderState(Enum):
    OPEN = "open"
    PAID = "paid"


# Takes orders, and forgets
# the oldest.
class OrderOrchestrator(BaseOrchestrator):
    """Takes orders."""

    def __init__(self, limit: int = LIMIT) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="order",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )
        self._waiting = deque(maxlen=limit)

    @operation
    def submit(self, items: "Iterable[str]", state: OrderState = OrderState.OPEN) -> int:
        from shop import prices

        self._waiting.extend(_named(each) for each in items)
        logger.debug("%s", prices)
        return sum(price_of(each) for each in self._waiting)

    @operation
    def dump(self) -> str:
        return json.dumps(list(self._waiting)) if json else ""


def _named(item: str) -> str:
    return item.strip()
