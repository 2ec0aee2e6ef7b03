"""A factory in the settings is not where they say.

`[tool.orchestra.factories]` names, for an orchestrator whose constructor needs arguments, the function that
makes it, as `package.module:function`.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient

AREA = "configuration"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    for name, target in sorted(patient.config.factories.items()):
        why = patient.offers(target)
        if why is not None:
            yield Complaint(
                f"the factory of {name} is {target}, which {why}",
                mend="Correct it in [tool.orchestra.factories].",
            )
