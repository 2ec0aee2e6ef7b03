"""Says what is wrong with the deprecations, for continuous integration."""

from __future__ import annotations

from typing import Annotated

from orchestra_cli.options import OutputFormat
from orchestra_cli.parameters import Option
from orchestra_cli.session import Session


def command(
    session: Session,
    *,
    today: Annotated[str | None, Option(metavar="DATE", help="The day to judge by. [default: today]")] = None,
    output_format: OutputFormat = "text",
) -> int:
    """Say which deprecations are past due, have new users, or lack something.

    Exit 1 with findings: a module past its date, used still or ready to go; a user that was not there when
    the module was marked; a record without owner or date, or that is not true; a mark, of whatever style,
    that has no record.

        orchestra deprecate check --today 2027-01-31
    """
    from orchestra_cli.deprecation import Scene, chosen, day_of
    from orchestra_cli.reports.deprecations import DueReport
    from orchestra_codemods.deprecations.due import findings
    from orchestra_codemods.deprecations.marks import marks_in
    from orchestra_codemods.deprecations.users import users_of

    scene = Scene.of(session)
    users = users_of(scene.project, chosen(scene, []))
    day = day_of(today, "--today")
    found = tuple(findings(scene.records, users, marks_in(scene.project), day, scene.project.sources))
    session.show(DueReport(day.isoformat(), len(scene.records), found), output_format)
    return 1 if found else 0
