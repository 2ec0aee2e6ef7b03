"""What a migration did or would do, and how much is proven about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from orchestra_cli.reports.changes import PROVEN, ChangeReport
from orchestra_codemods.change import Outcome, Plan

if TYPE_CHECKING:
    from orchestra_cli.migrating.commits import Commit
    from orchestra_cli.migrating.committing import Course
    from orchestra_cli.proving.proofs import Proofs
    from orchestra_cli.writing import Writing
    from orchestra_codemods.inventory.model import Mentions


def migration_report(
    outcome: Outcome,
    mentions: Mentions,
    writing: Writing,
    *,
    proofs: Proofs | None = None,
    course: Course | None = None,
) -> ChangeReport:
    """Return the report, with the accounting of mentions, the proof, and what a person has to write."""
    plan = outcome.plan
    commits = course.commits if course is not None else []
    return ChangeReport(
        command="migrate",
        outcome=outcome,
        shows_diff=writing.diff,
        more={
            "mentions": {
                "total": mentions.total,
                "by_category": {str(name): count for name, count in mentions.by_category.items()},
            },
            "verified": _levels(plan),
            "to_do": [
                {"path": each.path, "line": each.span.line, "message": each.message} for each in plan.findings
            ],
            **({} if course is None else {"commits": [_commit(each) for each in commits]}),
            **(proofs.data() if proofs is not None else {}),
        },
        closing=(*_proof(plan), *(proofs.lines() if proofs is not None else ()), *_committed(commits)),
        summary=f"done {len(commits)} {'commit' if len(commits) == 1 else 'commits'}" if commits else None,
    )


def _commit(made: Commit) -> dict[str, Any]:
    return {
        "commit": made.id,
        "subject": made.subject,
        "names": list(made.names),
        "files": made.files,
        "id": made.run,
    }


def _committed(commits: Sequence[Commit]) -> Iterator[str]:
    for made in commits:
        yield f"{made.id[:9]} {made.subject} ({made.files} files; `orchestra undo {made.run}`)"


def _levels(plan: Plan) -> dict[str, int]:
    levels = Counter(change.proof.name.lower().replace("_", "-") for change in plan.changes)
    return dict(sorted(levels.items()))


def _proof(plan: Plan) -> Iterator[str]:
    counts = Counter(change.proof for change in plan.changes)
    said = [f"{counts[level]} {PROVEN[level]}" for level in sorted(counts, reverse=True) if level in PROVEN]
    if said:
        yield f"proof: {', '.join(said)}"
