"""Two classes of the package have the same orchestrator name.

A facade holds one orchestrator a name; the second registration raises. Give one of them another name.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient
from orchestra_cli.registered.model import Registered
from orchestra_cli.registered.search import in_package

AREA = "project"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    first: dict[str, Registered] = {}
    for row in in_package(patient.modules, patient.config.package):
        known = first.setdefault(row.name, row)
        if (known.module, known.class_name) != (row.module, row.class_name):
            yield Complaint(
                f"{known.class_name} in {known.path} and {row.class_name} in {row.path} are both named "
                f"'{row.name}'",
                mend="Give one of them another name.",
                path=row.path,
            )
