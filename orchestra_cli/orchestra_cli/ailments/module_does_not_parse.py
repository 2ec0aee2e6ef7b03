"""A module of the orchestrator package is no Python.

It cannot be imported, its orchestrators are not listed, and nothing in it is migrated or checked.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient

AREA = "project"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    for _, path in patient.modules.files_below(patient.config.package):
        try:
            ast.parse((patient.root / path).read_bytes())
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None)
            where = f", line {line}" if line else ""
            yield Complaint(
                f"{path}{where} does not parse: {getattr(error, 'msg', error)}", mend="Correct it.", path=path
            )
