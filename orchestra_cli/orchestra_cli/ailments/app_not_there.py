"""The composition root is not where the settings say.

`app` names the function that builds the facade, as `package.module:function`. `run`, `list --live` and
`verify` call it. Correct it, or leave it out: then the package is discovered.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient

AREA = "configuration"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    app = patient.config.app
    why = patient.offers(app) if app is not None else None
    if why is not None:
        yield Complaint(
            f"`app` is {app}, which {why}",
            mend="Correct it; it is the function that builds the facade and registers everything.",
        )
