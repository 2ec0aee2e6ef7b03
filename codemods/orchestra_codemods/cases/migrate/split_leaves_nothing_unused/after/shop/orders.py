"""Orders, and what else there is."""

import json
import time  # for the timestamps
from dataclasses import dataclass

from core.orchestration.domain.order import OrderOrchestrator as OrderOrchestrator
from shop.prices import price_of as price_of

TOTALS = json.loads("{}")


@dataclass
class Note:
    text: str


def total(prices: list[float]) -> float:
    return sum(prices) or len(TOTALS)
