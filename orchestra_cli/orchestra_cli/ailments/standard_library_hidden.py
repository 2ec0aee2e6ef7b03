"""A module of the project has the name of one of Python's own, and comes first.

`import logging` then finds the project's file, also where Python's own modules import it; errors from that
look as if Python were broken. Rename it.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.names import modules_in
from orchestra_cli.examination.patient import Patient

AREA = "interpreter"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    names = patient.probe.standard_library
    for entry in modules_in(patient.path):
        if entry.stem in names:
            yield Complaint(
                f"{entry.name} hides Python's own module {entry.stem}",
                mend="Rename it, with its imports.",
                path=entry.relative_to(patient.root).as_posix(),
            )
