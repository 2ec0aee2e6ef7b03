from unittest.mock import patch

from src.shop.flows import FlowOrchestrator as Prefixed
from shop.flows import FlowOrchestrator

assert Prefixed is not FlowOrchestrator
patch("src.shop.flows.FlowOrchestrator")
