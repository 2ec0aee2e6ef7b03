"""The interpreter of the project is older than the framework supports.

The framework needs Python 3.11. Make the project's environment with a newer one, or name another in
`[tool.orchestra] python`.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient

OLDEST = (3, 11)

AREA = "interpreter"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    found = patient.probe
    if found.version < OLDEST:
        version = ".".join(map(str, found.version))
        yield Complaint(
            f"{found.python} is Python {version}; the framework needs {'.'.join(map(str, OLDEST))}",
            mend="Make the project's environment with a newer Python, or name another in `python`.",
        )
