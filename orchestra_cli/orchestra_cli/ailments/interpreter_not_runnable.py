"""The interpreter that runs the project's code cannot be run.

`run`, `list --live`, `verify` and `worker` start it. Correct `python` in `[tool.orchestra]`; a relative
path counts from the project's root. Left out, it is the interpreter of the command line.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra.errors import OrchestraError
from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient

AREA = "interpreter"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    if isinstance(patient.interpreter, OrchestraError):
        yield Complaint(patient.interpreter.message, mend=patient.interpreter.hint)
    elif patient.failed_start is not None:
        yield Complaint(
            f"{patient.interpreter} does not start: {patient.failed_start}",
            mend="Correct `python` in [tool.orchestra], or make the environment anew.",
        )
