"""One registered orchestrator, as `orchestra list` prints it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Registered:
    """What is known of an orchestrator. None is what its source does not say in plain words."""

    name: str
    layer: str | None = None
    type: str | None = None
    module: str | None = None
    class_name: str | None = None
    path: str | None = None
    operations: tuple[str, ...] = ()

    def data(self) -> dict[str, Any]:
        """Return the members of the JSON output."""
        row = asdict(self)
        return {("class" if key == "class_name" else key): value for key, value in row.items()}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the orchestrators, what could not be made out, and the files that it rests on."""

    orchestrators: tuple[Registered, ...]
    problems: tuple[str, ...]
    files: tuple[str, ...]
