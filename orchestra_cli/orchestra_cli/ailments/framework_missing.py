"""The framework cannot be imported by the interpreter that runs the project's code.

The command line may stand in an environment of its own; the framework has to be in the project's. The hint
is the exact command.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra._version import __version__
from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient

AREA = "interpreter"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    found = patient.probe
    if found.orchestra is None:
        yield Complaint(
            f"{found.python} cannot import orchestra: {found.why}",
            mend=f"{found.python} -m pip install 'orchestra-framework=={__version__}'",
        )
