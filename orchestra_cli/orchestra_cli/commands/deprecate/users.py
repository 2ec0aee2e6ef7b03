"""Lists who still uses deprecated modules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orchestra_cli.options import OutputFormat
from orchestra_cli.session import Session


def command(
    session: Session,
    modules: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE|MODULE]…", help="All recorded ones if left out.")
    ] = None,
    *,
    warnings: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="What a test or production run printed; repeatable."),
    ] = None,
    output_format: OutputFormat = "text",
) -> int:
    """List who still uses deprecated modules.

    Found are imports, uses, strings that name the module or load it, settings, and mentions in documents, by
    what a name means and not by its text. With --warnings the warnings of real runs are counted as well: the
    output of `python -W always`, a log, or pytest's summary.

        orchestra deprecate users shop.old
        orchestra deprecate users --warnings test.log
    """
    from orchestra_cli.deprecation import Scene, chosen
    from orchestra_cli.reports.deprecations import UserReport
    from orchestra_codemods.deprecations.users import users_of, warned

    scene = Scene.of(session)
    found = users_of(scene.project, chosen(scene, modules or []))
    text = "\n".join(file.read_text("utf-8", "replace") for file in warnings or [])
    session.show(UserReport.of(scene, found, warned(text)), output_format)
    return 0
