"""The framework in the project's environment is of another version than the command line.

Another protocol is refused by `run`; another version of the same protocol works, and its lint rules,
templates and migrated code may be of another mind. Install the same version in both.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra._version import __version__
from orchestra_cli.examination.check import CannotLook, Complaint
from orchestra_cli.examination.patient import Patient
from orchestra_cli.user_code import PROTOCOL

AREA = "interpreter"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    found = patient.probe.orchestra
    if found is None:
        raise CannotLook("the framework cannot be imported there")
    if (found["version"], found["protocol"]) != (__version__, PROTOCOL):
        yield Complaint(
            f"{patient.probe.python} has orchestra {found['version']} (protocol {found['protocol']}); the "
            f"command line is {__version__} (protocol {PROTOCOL})",
            mend=f"{patient.probe.python} -m pip install 'orchestra-framework=={__version__}'",
        )
