"""A library that the command line needs is not installed.

Production needs the framework alone; Typer, rich, libcst and the rest come with the extra `cli`. Without
one of them some commands fail only when they reach it. Install the extra again:

    pip install 'orchestra-framework[cli]'
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient

AREA = "installation"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    del patient
    for name in _needed():
        try:
            version(name)
        except PackageNotFoundError:
            yield Complaint(
                f"the command line needs {name}, which is not installed",
                mend="pip install 'orchestra-framework[cli]'",
            )


def _needed() -> Iterator[str]:
    for requirement in requires("orchestra-framework") or ():
        name, _, condition = requirement.partition(";")
        if not condition or 'extra == "cli"' in condition.replace("'", '"'):
            yield re.split(r"[^A-Za-z0-9._-]", name.strip(), maxsplit=1)[0]
