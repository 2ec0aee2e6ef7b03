from shop.flows import FlowOrchestrator  # orchestra: keep
from shop.flows import (
    FlowOrchestrator as Flow,  # orchestra: keep
)
from core.orchestration.domain.flow import FlowOrchestrator as Moved
