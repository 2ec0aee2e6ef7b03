"""Lists who still uses deprecated modules."""

from __future__ import annotations

from typing import Annotated

from orchestra_cli.options import OutputFormat, Warnings
from orchestra_cli.parameters import Argument
from orchestra_cli.session import Session


def command(
    session: Session,
    modules: Annotated[
        list[str] | None, Argument(metavar="[FILE|MODULE]…", help="All recorded ones if left out.")
    ] = None,
    *,
    warnings: Warnings = None,
    output_format: OutputFormat = "text",
) -> int:
    """List who still uses deprecated modules.

    Found are imports, uses, strings that name the module or load it, settings, and mentions in documents, by
    what a name means and not by its text. With --warnings those are counted as well who were warned when the
    program or its tests ran: from the file that ORCHESTRA_DEPRECATED_USES (in the environment of any program)
    or `pytest --deprecated-uses` named, the output of `python -W always`, a log, or pytest's summary.

        orchestra deprecate users shop.old
        orchestra deprecate users --warnings uses.jsonl
    """
    from orchestra_cli.deprecation import Scene, chosen, runs_text
    from orchestra_cli.reports.deprecations import UserReport
    from orchestra_codemods.deprecations.users import users_of

    scene = Scene.of(session)
    found = users_of(scene.project, chosen(scene, modules or []))
    session.show(UserReport.of(scene.project, found, runs_text(warnings or [])), output_format)
    return 0
