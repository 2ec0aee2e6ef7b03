"""The module of the project's own StepResult cannot be found.

`step-result` names the module that holds `StepResult`. Correct it, or leave it out: then the framework's
own is used.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient

AREA = "configuration"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    module = patient.config.step_result
    why = patient.offers(f"{module}:StepResult") if module is not None else None
    if why is not None:
        yield Complaint(
            f"`step-result` is {module}, which {why}",
            mend="Correct it, or leave it out; `orchestra init` writes a module that does not exist.",
        )
