"""Prints every setting with its value and origin."""

from __future__ import annotations

from orchestra_cli.options import OutputFormat
from orchestra_cli.session import Session


def command(session: Session, output_format: OutputFormat = "text") -> int:
    """Print every setting with its value and where it came from.

    Settings stand in `[tool.orchestra]` of the nearest pyproject.toml, or in orchestra.toml. A variable
    `ORCHESTRA_<SETTING>` wins over the file, an option over both. Lists in variables are separated by commas.

        ORCHESTRA_SOURCE_ROOTS=src,lib orchestra config show
    """
    from orchestra_cli.reports.settings import Settings

    located = session.locate()
    root, config = session.configured()
    session.show(Settings(root, located.label, config), output_format)
    return 0
