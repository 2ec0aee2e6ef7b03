"""What a command found or did, for whichever format prints it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from orchestra_cli.terminal import Style


class Report(Protocol):
    """The result of a command."""

    @property
    def command(self) -> str:
        """The command, as in `"schema": "orchestra/<command>/1"`."""
        ...

    def data(self) -> Mapping[str, Any]:
        """Return the result for programs, without the schema."""
        ...

    def lines(self, style: Style) -> Iterable[str]:
        """Return the result for people."""
        ...
