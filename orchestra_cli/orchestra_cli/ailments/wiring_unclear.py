"""The source does not say in plain words what a registration builds.

`orchestra list` and completion read the wiring without importing it; what they cannot follow is shown as
`?`, and `list --live` knows it. Register a class or a function that returns one.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient

AREA = "project"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    _ = patient.package
    for problem in patient.reading.problems:
        if " cannot be read: " not in problem:
            yield Complaint(
                problem, mend="Let its factory return the class in plain words, or use list --live."
            )
