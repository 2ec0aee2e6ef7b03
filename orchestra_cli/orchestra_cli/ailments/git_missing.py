"""The project is in a git repository, and git cannot be run.

Commands that write refuse files with uncommitted changes, and `status` and `lint --base` read the history;
all that needs git. Install it, or put it on PATH.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient

AREA = "installation"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    root = patient.root
    in_repository = any((folder / ".git").exists() for folder in (root, *root.parents))
    if in_repository and shutil.which("git", path=patient.environment.get("PATH", "")) is None:
        yield Complaint(
            "the project is in a git repository, and there is no `git` on PATH",
            mend="Install git, or add its folder to PATH.",
        )
