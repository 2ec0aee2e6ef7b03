"""There is no project here.

A project begins where its `pyproject.toml` (or an `orchestra.toml`) is, here or in a folder above, up to
the one that holds `.git`. An empty `pyproject.toml` marks the root; `--root DIR` names one elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient
from orchestra_codemods.config import ConfigNotFoundError

AREA = "configuration"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    if isinstance(patient.located, ConfigNotFoundError):
        yield Complaint(patient.located.message, mend=patient.located.hint)
