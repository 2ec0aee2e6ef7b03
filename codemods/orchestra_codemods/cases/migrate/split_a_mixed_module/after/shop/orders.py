"""Orders: their states, reports, and who orchestrates them."""

from __future__ import annotations

import csv
import logging
from collections import deque
from enum import Enum
from typing import TYPE_CHECKING, Any

from core.orchestration.domain.order import LIMIT as LIMIT
from core.orchestration.domain.order import OrderOrchestrator, OrderState

from .prices import price_of, rebate_of

try:
    import ujson as json
except ImportError:
    json = None

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["OrderOrchestrator", "OrderState", "get_orders", "report"]

logger = logging.getLogger(__name__)

COLUMNS = ("item", "price")


def report(rows: Sequence[Any], stream) -> None:
    """Print what was sold."""
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    logger.info("reported")


_orders: OrderOrchestrator | None = None


def get_orders() -> OrderOrchestrator:
    global _orders
    if _orders is None:
        _orders = OrderOrchestrator()
    return _orders


def total(items) -> int:
    return sum(rebate_of(each) for each in items)
