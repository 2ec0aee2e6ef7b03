"""A module of the project has the name of one that the framework needs, and comes first.

The project's folders stand at the front of its import path, so `import orchestra` or `import structlog`
finds the project's own. Rename it; a folder without Python files hides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.names import modules_in
from orchestra_cli.examination.patient import Patient

NEEDED = frozenset({"orchestra", "structlog"})

AREA = "interpreter"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    for entry in modules_in(patient.path):
        if entry.stem in NEEDED and not _is_the_framework(patient, entry):
            yield Complaint(
                f"{entry.name} hides the package {entry.stem} that the framework needs",
                mend="Rename it, with its imports.",
                path=entry.relative_to(patient.root).as_posix(),
            )


def _is_the_framework(patient: Patient, entry: Path) -> bool:
    """Return whether the interpreter finds the framework in this very folder."""
    found = patient.probe.orchestra
    return found is not None and Path(found["file"]).is_relative_to(entry)
