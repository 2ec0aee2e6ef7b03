"""The orchestrator package lacks a layer, or has one that Python does not import.

Each of `domain`, `application` and `infrastructure` is a package of its own, with an `__init__.py`. `new`
and `migrate` write into them. `orchestra init` adds what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient
from orchestra_codemods.config import LAYERS

AREA = "project"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    home = (patient.root / patient.package).parent
    for layer in LAYERS:
        if not (home / layer / "__init__.py").is_file():
            yield Complaint(
                f"the layer {layer} of {patient.config.package} has no __init__.py",
                mend="Run `orchestra init`; it adds what is missing and overwrites nothing.",
                path=(home / layer).relative_to(patient.root).as_posix(),
            )
