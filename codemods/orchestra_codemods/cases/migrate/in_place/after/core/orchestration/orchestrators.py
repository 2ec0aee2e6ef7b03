"""Which orchestrators this project has, and how each is built.

For each there is a factory, a function without arguments that imports the class inside and returns the
process-wide instance, and a line `facade.register_factory("name", factory)`. Nothing is imported before it is
used, and `orchestra list` reads this file without running it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestra import OrchestrationFacade


def register_orchestrators(facade: OrchestrationFacade) -> None:
    """Register every orchestrator of this project."""
    facade.register_factory("flow", _flow)


def _flow() -> object:
    from shop.flows import FlowOrchestrator

    return FlowOrchestrator()
