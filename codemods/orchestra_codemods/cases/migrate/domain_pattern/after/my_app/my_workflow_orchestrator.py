"""Moved to `core.orchestration.domain.my_workflow`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.my_workflow import (
        MyWorkflowOrchestrator as MyWorkflowOrchestrator,
    )

__all__ = [
    "MyWorkflowOrchestrator",
]

forward(
    __name__,
    "core.orchestration.domain.my_workflow",
    was="my_app.my_workflow_orchestrator",
    remove_on="2027-02-20",
)
