"""The one facade of this project: how it is built, and the policies that it has."""

from __future__ import annotations

from orchestra import OrchestrationFacade, configure, get_orchestration_facade

from .orchestrators import register_orchestrators

__all__ = ["OrchestrationFacade", "build_facade", "get_orchestration_facade"]


def build_facade() -> OrchestrationFacade:
    """Build the facade with every orchestrator registered.

    `get_orchestration_facade()` calls this once, and again after the facade is closed.
    Policies such as `cleanup_policy` or `tenant_limit` are the constructor's arguments.
    """
    from .results import StepResult

    configure(result_class=StepResult)
    facade = OrchestrationFacade()
    register_orchestrators(facade)
    return facade


configure(facade=build_facade)
