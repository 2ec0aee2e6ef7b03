"""The proofs that were asked for, one after the other, cheapest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestra_codemods.change import Plan

if TYPE_CHECKING:
    from orchestra_cli.migrating.planner import Planner
    from orchestra_cli.migrating.request import Request
    from orchestra_cli.proving.imported import Imported
    from orchestra_cli.proving.tested import Tested
    from orchestra_cli.session import Session
    from orchestra_codemods.migrations.decisions import Decisions

TIMEOUT = 1800.0
"""Seconds that a test command may take unless `--test-timeout` says otherwise."""


@dataclass(frozen=True, slots=True)
class Proofs:
    """Takes plans through all of them; none where nothing was asked for."""

    imported: Imported | None = None
    tested: Tested | None = None

    @classmethod
    def asked_for(cls, session: Session, request: Request) -> Proofs:
        """Return the proofs of a request."""
        imported, tested = None, None
        if request.proves_import:
            from orchestra_cli.proving.imported import Imported

            imported = Imported(session)
        if request.test_command is not None:
            from orchestra_cli.proving.tested import Tested

            tested = Tested(session, request.test_command, request.test_timeout or TIMEOUT)
        return cls(imported, tested)

    def prove(self, planner: Planner, decisions: Decisions, plan: Plan) -> Plan:
        """Return the plan without what a proof speaks against, the rest with its level of proof."""
        from orchestra_codemods.migrations.page import with_proof

        for proof in self._asked():
            plan = proof.prove(planner, decisions, plan)
        return with_proof(plan, self.lines()) if self._asked() else plan

    def to_try(self) -> Iterator[str]:
        """Yield what will be tried, for people who decide before it is."""
        if self.imported is not None:
            yield "importing each changed module in a copy"
        if self.tested is not None:
            yield f"`{self.tested.text}` in a copy, before and after"

    def data(self) -> dict[str, Any]:
        """Return the evidence, for the JSON report."""
        evidence: dict[str, Any] = {}
        if self.imported is not None:
            evidence["imports"] = self.imported.data()
        if self.tested is not None:
            evidence["tests"] = self.tested.data()
        return evidence

    def lines(self) -> Iterator[str]:
        """Yield the evidence, for people."""
        for proof in self._asked():
            yield from proof.lines()

    def _asked(self) -> list[Imported | Tested]:
        return [proof for proof in (self.imported, self.tested) if proof is not None]
