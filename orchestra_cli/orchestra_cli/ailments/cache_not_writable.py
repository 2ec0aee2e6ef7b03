"""The cache cannot be written.

Nothing breaks, but `lint`, `list` and completion start from nothing each time. Make the folder writable, or
name another with `ORCHESTRA_CACHE_DIR`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from orchestra_cli import cache
from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient

AREA = "installation"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    del patient
    folder = Path(cache.folder())
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        yield Complaint(
            f"the cache {folder} cannot be written: {error.strerror}",
            mend="Make it writable, or name another folder in ORCHESTRA_CACHE_DIR.",
        )
