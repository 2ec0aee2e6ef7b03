"""A variable of the environment looks like a setting and is none.

`ORCHESTRA_<SETTING>` wins over the file. A name that is no setting is not read; one that is nearly a
setting stops every command. Correct the name, or unset it.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient
from orchestra_cli.suggest import did_you_mean
from orchestra_codemods.config.load import FOREIGN, KEYS, PREFIX

AREA = "configuration"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    known = {PREFIX + name.upper() for name in KEYS.values()} | FOREIGN
    for name in sorted(patient.environment):
        if name.startswith(PREFIX) and name not in known:
            yield Complaint(
                f"{name} is no setting, and is not read",
                mend=did_you_mean(name, sorted(known), "Unset it; `orchestra config show` names all."),
            )
