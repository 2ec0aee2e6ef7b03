"""Every check on one patient."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from orchestra_cli.examination.check import CannotLook, Check, Complaint, all_checks
from orchestra_cli.examination.patient import Patient

State = Literal["ok", "found", "skipped"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; ``why`` says why it was left out."""

    check: Check
    state: State
    complaints: tuple[Complaint, ...] = ()
    why: str | None = None


def examined(patient: Patient, checks: Iterable[Check] | None = None) -> Iterator[Finding]:
    """Yield what each check finds."""
    for check in all_checks() if checks is None else checks:
        try:
            complaints = tuple(check.look(patient))
        except CannotLook as reason:
            yield Finding(check, "skipped", why=str(reason))
        else:
            yield Finding(check, "found" if complaints else "ok", complaints)
