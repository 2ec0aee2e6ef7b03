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
    facade = OrchestrationFacade()
    register_orchestrators(facade)
    return facade


# By its path, since the module of a project's own result class may import this package.
configure(facade=build_facade, result_class=f"{__package__}.results:StepResult")
