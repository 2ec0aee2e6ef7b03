"""A class of the orchestrator package is registered nowhere.

With a composition root (`app`) only what it registers can be called by name, run and listed. Register it
there, or say that it is abstract by leaving out its name.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_cli.examination.check import CannotLook, Complaint
from orchestra_cli.examination.patient import Patient
from orchestra_cli.registered.missing import how_to_register, unregistered, why_missing

AREA = "project"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    if patient.config.app is None:
        raise CannotLook("without `app` the whole package is registered")
    app = patient.config.app
    for row in unregistered(patient.modules, patient.config.package, patient.reading.orchestrators):
        yield Complaint(
            f"{why_missing(row, app)}: nothing can call '{row.name}'",
            mend=how_to_register(row, app),
            path=row.path,
        )
