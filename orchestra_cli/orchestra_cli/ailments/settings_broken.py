"""The settings cannot be read.

The file is no TOML, a setting is unknown or of another type, or a value cannot work. Most commands stop at
the first of these. `orchestra config show` says where each value comes from,
docs/reference/configuration.md what there is.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra.errors import OrchestraError
from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient
from orchestra_codemods.config import ConfigNotFoundError

AREA = "configuration"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    found = patient.settings
    if isinstance(found, OrchestraError) and not isinstance(found, ConfigNotFoundError):
        yield Complaint(found.message, mend=found.hint)
