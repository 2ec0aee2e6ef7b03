"""The journal that a durable run is written to, while one is running here."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Journal(Protocol):
    """Keeps what the steps of one run returned, so that a run that is taken up again redoes none."""

    async def step(
        self, name: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Return what the journal has for the next step, else run the function and write it down."""


#: The journal of the run that is running here; None in process, and inside a step.
JOURNAL: ContextVar[Journal | None] = ContextVar("orchestra_journal", default=None)
