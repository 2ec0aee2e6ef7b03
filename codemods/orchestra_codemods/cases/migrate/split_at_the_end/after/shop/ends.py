import os

from core.orchestration.domain.end import EndOrchestrator as EndOrchestrator


def other():
    return os.sep
