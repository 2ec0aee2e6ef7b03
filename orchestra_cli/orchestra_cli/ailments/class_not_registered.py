"""A class of the orchestrator package is registered nowhere.

With a composition root (`app`) only what it registers can be called by name, run and listed. Register it
there, or say that it is abstract by leaving out its name.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_cli.examination.check import CannotLook, Complaint
from orchestra_cli.examination.patient import Patient
from orchestra_cli.registered.search import in_package

AREA = "project"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    if patient.config.app is None:
        raise CannotLook("without `app` the whole package is registered")
    registered = {(row.module, row.class_name) for row in patient.reading.orchestrators}
    for row in in_package(patient.modules, patient.config.package):
        if (row.module, row.class_name) not in registered:
            yield Complaint(
                f"{row.class_name} in {row.path} is registered nowhere: nothing can call '{row.name}'",
                mend=f'Add facade.register_factory("{row.name}", …) to {patient.config.app}.',
                path=row.path,
            )
