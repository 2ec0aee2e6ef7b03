"""The package for the orchestrators does not exist.

`list`, `new` and `migrate` need it. `orchestra init` writes it with its three layers; where it has another
name or place, correct `package` or `source-roots`.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient

AREA = "configuration"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    if patient.modules.path_of(patient.config.package) is None:
        yield Complaint(
            f"there is no package {patient.config.package} below {', '.join(patient.path)}",
            mend="Run `orchestra init`, or correct `package` or `source-roots`.",
        )
