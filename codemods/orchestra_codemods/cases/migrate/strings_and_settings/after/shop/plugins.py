import importlib
import logging
import sys

TABLE = {
    "flow": "core.orchestration.domain.flow:FlowOrchestrator",
    "other": "shop.flows:Missing",
    "plain": "shop.flows.FlowOrchestrator",
}
LOGGER = logging.getLogger("shop.flows")
importlib.import_module("core.orchestration.domain.flow")
sys.modules["core.orchestration.domain.flow"].FlowOrchestrator
__import__("shop.flows").flows.FlowOrchestrator
