"""The project has an environment of its own, and its code would run in another.

There is a `.venv` or `venv` in the root, `python` is not set, and the command line is installed elsewhere.
What is installed for the project is then not found. Name the environment's interpreter in
`[tool.orchestra]`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient

AREA = "interpreter"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    if patient.config.python is not None:
        return
    for name in (".venv", "venv"):
        for python in (f"{name}/bin/python", f"{name}/Scripts/python.exe"):
            home = patient.root / name
            if (patient.root / python).is_file() and not home.samefile(sys.prefix):
                yield Complaint(
                    f"the project's {name} is not used: its code would run with {sys.executable}",
                    mend=f'Write `python = "{python}"` in [tool.orchestra].',
                    path=name,
                )
                return
