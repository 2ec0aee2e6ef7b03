"""Whether the engine is installed, said in one sentence where it is not."""

from __future__ import annotations

from importlib.util import find_spec

from orchestra.errors import MissingExtraError


def check_installed() -> None:
    """Raise MissingExtraError, with the command that installs it, where DBOS is missing."""
    if find_spec("dbos") is None:
        raise MissingExtraError(
            "Durable runs need DBOS, which is not installed",
            hint="Install it: pip install 'orchestra-framework[durable]'",
            extra="durable",
        )
