"""What the facade accepts, whether or not it inherits the base class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from orchestra.errors import NotAnOrchestratorError
from orchestra.layers import check_name, layer_value, type_value

if TYPE_CHECKING:
    from orchestra.context import OrchestrationContext

MEMBERS = ("layer", "name", "orchestration_type", "orchestrate", "can_orchestrate", "cleanup")


@runtime_checkable
class OrchestratorProtocol(Protocol):
    """An orchestrator, by its shape. Layer and type may be members of a project's own enums."""

    @property
    def layer(self) -> Any:
        """The layer: an enum member whose value is domain, application or infrastructure."""
        ...

    @property
    def name(self) -> str:
        """The unique name."""
        ...

    @property
    def orchestration_type(self) -> Any:
        """The type: an enum member with a string value."""
        ...

    async def orchestrate(self, context: OrchestrationContext, **kwargs: Any) -> Any:
        """Do the work and return a result object."""

    async def can_orchestrate(self, context: OrchestrationContext, **kwargs: Any) -> bool:
        """Return whether the work can be done now."""
        ...

    async def cleanup(self) -> None:
        """Release what is held."""


def check_orchestrator(candidate: object) -> str:
    """Return the name of a proper orchestrator; raise the error that says what is wrong otherwise."""
    if isinstance(candidate, type):
        raise NotAnOrchestratorError(
            f"{candidate.__name__} is a class",
            hint=f"Register an instance: facade.register({candidate.__name__}(…)), "
            f"or facade.register_factory(name, {candidate.__name__})",
        )
    missing = [name for name in MEMBERS if not hasattr(candidate, name)]
    if missing:
        raise NotAnOrchestratorError(
            f"{type(candidate).__name__} is no orchestrator: it lacks {', '.join(missing)}",
            hint="Inherit BaseOrchestrator and call super().__init__(layer=…, name=…)",
            missing=missing,
        )
    named: Any = candidate
    layer_value(named.layer)
    type_value(named.orchestration_type)
    return check_name(named.name)
