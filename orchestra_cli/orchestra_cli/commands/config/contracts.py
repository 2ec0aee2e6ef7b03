"""Prints the layers as contracts for import-linter."""

from __future__ import annotations

from orchestra_cli.options import OutputFormat
from orchestra_cli.session import Session


def command(session: Session, output_format: OutputFormat = "text") -> int:
    """Print which layer may import which, as contracts of import-linter.

    They say what the rule layer-import says, by `[tool.orchestra.layers]` where it stands. Write them to a
    file for `lint-imports --config FILE`, or put them into pyproject.toml.

        orchestra config contracts > layers.toml
    """
    from orchestra_cli.reports.contracts import Contracts

    session.show(Contracts(session.configured()[1]), output_format)
    return 0
