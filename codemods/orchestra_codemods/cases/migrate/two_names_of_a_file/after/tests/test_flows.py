from unittest.mock import patch

from src.core.orchestration.domain.flow import FlowOrchestrator as Prefixed
from core.orchestration.domain.flow import FlowOrchestrator

assert Prefixed is not FlowOrchestrator
patch("src.core.orchestration.domain.flow.FlowOrchestrator")
