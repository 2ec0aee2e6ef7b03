"""Orders: their states, reports, and who orchestrates them."""

from __future__ import annotations

import csv
import logging
from collections import deque
from enum import Enum
from typing import TYPE_CHECKING, Any

from .prices import price_of, rebate_of

try:
    import ujson as json
except ImportError:
    json = None

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["OrderOrchestrator", "OrderState", "get_orders", "report"]

logger = logging.getLogger(__name__)

# how many orders are held back
LIMIT = 10
COLUMNS = ("item", "price")


class OrderState(Enum):
    OPEN = "open"
    PAID = "paid"


def report(rows: Sequence[Any], stream) -> None:
    """Print what was sold."""
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    logger.info("reported")


# Takes orders, and forgets
# the oldest.
class OrderOrchestrator:
    """Takes orders."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._waiting = deque(maxlen=limit)

    def submit(self, items: "Iterable[str]", state: OrderState = OrderState.OPEN) -> int:
        from . import prices

        self._waiting.extend(_named(each) for each in items)
        logger.debug("%s", prices)
        return sum(price_of(each) for each in self._waiting)

    def dump(self) -> str:
        return json.dumps(list(self._waiting)) if json else ""


def _named(item: str) -> str:
    return item.strip()


_orders: OrderOrchestrator | None = None


def get_orders() -> OrderOrchestrator:
    global _orders
    if _orders is None:
        _orders = OrderOrchestrator()
    return _orders


def total(items) -> int:
    return sum(rebate_of(each) for each in items)
