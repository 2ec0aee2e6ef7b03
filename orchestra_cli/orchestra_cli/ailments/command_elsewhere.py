"""The command `orchestra` that a shell finds is not this one, or is not found at all.

Hooks, CI and completion call `orchestra` by its name. When another environment comes first on PATH, they
run another version than you do. Put the folder of this one first, or uninstall the other.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient

AREA = "installation"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    home = Path(sys.executable).parent
    found = shutil.which("orchestra", path=patient.environment.get("PATH", ""))
    if found is None:
        yield Complaint(
            "`orchestra` is not on PATH, so hooks and completion do not find it",
            mend=f"Add {home} to PATH, or activate its environment.",
        )
    elif not Path(found).parent.samefile(home):
        yield Complaint(
            f"`orchestra` on PATH is {found}; this one is in {home}",
            mend=f"Put {home} first on PATH, or remove the other.",
        )
