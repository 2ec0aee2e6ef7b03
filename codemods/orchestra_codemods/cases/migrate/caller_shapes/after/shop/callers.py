from __future__ import annotations

from typing import TYPE_CHECKING

from core.orchestration.domain.flow import FlowOrchestrator  # top
from core.orchestration.domain.flow import FlowOrchestrator as Flow, LIMIT
from core.orchestration.domain.flow import helper as aid
from core.orchestration.domain import flow as flows
from core.orchestration.domain import flow as streams
from shop import other
import core.orchestration.domain.flow as dotted
import shop.other

if TYPE_CHECKING:
    from core.orchestration.domain.flow import FlowOrchestrator as Typed

try:
    from core.orchestration.domain.flow import FlowOrchestrator as Maybe
except ImportError:
    Maybe = None


def use(x: "Typed", y: Typed) -> "FlowOrchestrator":
    from core.orchestration.domain.flow import (
        FlowOrchestrator,  # wanted
        helper,
    )

    return FlowOrchestrator(), helper, flows.LIMIT, streams.LIMIT, dotted.LIMIT, shop.other.X, aid, Flow
