"""A change was interrupted half-way.

Commands that write refuse until it is finished or taken back. `orchestra resume` finishes it, `orchestra
undo` takes it back; `orchestra history` shows it.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_cli.examination.check import Complaint
from orchestra_cli.examination.patient import Patient
from orchestra_codemods.apply import RunState, history

AREA = "project"


def look(patient: Patient) -> Iterator[Complaint]:
    """Yield what is wrong."""
    for run in history(patient.root):
        if run.state is RunState.UNFINISHED:
            yield Complaint(
                f"the change {run.id} (`{run.command}`) was interrupted half-way",
                mend="`orchestra resume` finishes it, `orchestra undo` takes it back.",
            )
        elif run.state is RunState.UNREADABLE and run.problem is not None:
            yield Complaint(
                f"the change {run.id} cannot be read: {run.problem.message}", mend=run.problem.hint
            )
