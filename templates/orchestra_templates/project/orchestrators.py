"""Which orchestrators this project has, and how each is built.

For each there is a factory, a function without arguments that imports the class inside
and returns the process-wide instance, and a line `facade.register_factory("name", …)`.
Nothing is imported before it is used; `orchestra list` reads this without running it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestra import OrchestrationFacade


def register_orchestrators(facade: OrchestrationFacade) -> None:
    """Register every orchestrator of this project."""
