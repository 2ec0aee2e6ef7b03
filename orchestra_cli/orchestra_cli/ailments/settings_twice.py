"""Two files hold settings, and only one of them counts.

`orchestra.toml` wins over `[tool.orchestra]` in `pyproject.toml` beside it; what the latter says is not
read. Move everything into one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient

AREA = "configuration"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    pyproject = patient.root / "pyproject.toml"
    if not (patient.root / "orchestra.toml").is_file() or not pyproject.is_file():
        return
    try:
        tool = tomllib.loads(pyproject.read_text(encoding="utf-8")).get("tool", {})
    except ValueError:
        return
    if isinstance(tool, dict) and "orchestra" in tool:
        yield Complaint(
            "[tool.orchestra] in pyproject.toml is not read, because there is an orchestra.toml",
            mend="Move its settings into orchestra.toml, or delete that file.",
            path="pyproject.toml",
        )
