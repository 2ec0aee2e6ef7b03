"""Orders, and what else there is."""

import json
import os
import time  # for the timestamps
from dataclasses import dataclass, field
from typing import Any

from shop.prices import currency, price_of, rebate_of

TOTALS = json.loads("{}")


@dataclass
class Note:
    text: str


class OrderOrchestrator:
    def __init__(self) -> None:
        self.seen: dict[str, Any] = {}

    def order(self, what: str) -> float:
        self.seen[what] = [time.time(), os.getpid(), field]
        return price_of(what) - rebate_of(what) + len(currency)


def total(prices: list[float]) -> float:
    return sum(prices) or len(TOTALS)
