"""Where a call runs: in this process, or on a durable store.

The in-process backend is the facade itself. Others keep this protocol and pass
:class:`orchestra.testing.BackendConformance`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestra.context import OrchestrationContext
    from orchestra.facade import OrchestrationFacade


class Backend(Protocol):
    """Runs one operation of a registered orchestrator to its end."""

    async def run(
        self, orchestrator: str, operation: str, context: OrchestrationContext, params: Mapping[str, Any], /
    ) -> Any:
        """Return the result object; an exception of the operation becomes a failed result."""
        ...

    async def aclose(self) -> None:
        """Release what the backend holds; what runs elsewhere goes on."""


class InProcess:
    """Runs on this process's facade and remembers nothing."""

    def __init__(self, facade: OrchestrationFacade) -> None:
        self._facade = facade

    async def run(
        self, orchestrator: str, operation: str, context: OrchestrationContext, params: Mapping[str, Any], /
    ) -> Any:
        """Run through ``facade.orchestrate``."""
        named = {**params, "operation": operation}
        return await self._facade.orchestrate(orchestrator, context, **named)

    async def aclose(self) -> None:
        """Close the facade."""
        await self._facade.aclose()
