"""Finds what is wrong around a project."""

from __future__ import annotations

from orchestra_cli.options import OutputFormat
from orchestra_cli.session import Session


def command(session: Session, output_format: OutputFormat = "text") -> int:
    """Find what is wrong with the installation, the configuration and the project.

    Each thing that is found comes with how to mend it; `--verbose` also names what is right and what could
    not be looked at. Nothing is changed, and none of the project's code is imported. Exit code 1 when
    something was found.

        orchestra doctor
        orchestra doctor --output-format json
    """
    from orchestra_cli.examination.examine import examined
    from orchestra_cli.examination.patient import Patient
    from orchestra_cli.reports.health import HealthReport

    report = HealthReport(tuple(examined(Patient(session))), shows_all=session.is_verbose)
    session.show(report, output_format)
    return 0 if report.is_healthy else 1
