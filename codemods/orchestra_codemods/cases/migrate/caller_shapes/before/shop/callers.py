from __future__ import annotations

from typing import TYPE_CHECKING

from shop.flows import FlowOrchestrator  # top
from shop.flows import FlowOrchestrator as Flow, LIMIT
from .flows import helper as aid
from . import flows
from shop import flows as streams, other
import shop.flows as dotted
import shop.other

if TYPE_CHECKING:
    from shop.flows import FlowOrchestrator as Typed

try:
    from shop.flows import FlowOrchestrator as Maybe
except ImportError:
    Maybe = None


def use(x: "Typed", y: Typed) -> "FlowOrchestrator":
    from shop.flows import (
        FlowOrchestrator,  # wanted
        helper,
    )

    return FlowOrchestrator(), helper, flows.LIMIT, streams.LIMIT, dotted.LIMIT, shop.other.X, aid, Flow
