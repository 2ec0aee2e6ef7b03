from shop.flows import FlowOrchestrator  # orchestra: keep
from shop.flows import (
    FlowOrchestrator as Flow,  # orchestra: keep
)
from shop.flows import FlowOrchestrator as Moved
