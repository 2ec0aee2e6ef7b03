import importlib
import logging
import sys

TABLE = {"flow": "shop.flows:FlowOrchestrator", "other": "shop.flows:Missing", "plain": "shop.flows.FlowOrchestrator"}
LOGGER = logging.getLogger("shop.flows")
importlib.import_module("shop.flows")
sys.modules["shop.flows"].FlowOrchestrator
__import__("shop.flows").flows.FlowOrchestrator
