"""A folder that the settings name does not exist.

Source roots that are missing are silently not searched; templates from them are not offered. Correct the
path, which counts from the project's root.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient

AREA = "configuration"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    config = patient.config
    for setting, folders in (("source-roots", config.source_roots), ("templates", config.templates)):
        for folder in folders:
            if not (patient.root / folder).is_dir():
                yield Complaint(
                    f"`{setting}` names {folder}, which is no folder in {patient.root}",
                    mend=f"Correct `{setting}`; it comes from {config.origins[setting.replace('-', '_')]}.",
                    path=folder,
                )
