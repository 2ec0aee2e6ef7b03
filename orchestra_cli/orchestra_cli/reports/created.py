"""What `orchestra new` wrote, or would write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra_cli.reports.changes import ChangeReport
from orchestra_codemods.change import Applied, Outcome

if TYPE_CHECKING:
    from orchestra_cli.scaffold.asked import Prepared


def created_report(prepared: Prepared, outcome: Outcome, *, shows_diff: bool) -> ChangeReport:
    """Return the report, with the orchestrator in the JSON and the next step for people."""
    request, created, template = prepared.request, prepared.created, prepared.template
    more = {
        "orchestrator": {
            "name": request.name,
            "class": request.class_name,
            "layer": request.layer,
            "type": (request.type or template.type).lower(),
            "module": request.module,
            "path": created.path,
            "test": created.test,
            "operations": list(request.operations_of(template)),
            "template": template.name,
        },
        "notes": list(created.notes),
    }
    closing = (
        (f"next: write {created.path}, run `python -m pytest {created.test}`",)
        if isinstance(outcome, Applied)
        else ()
    )
    return ChangeReport(command="new", outcome=outcome, shows_diff=shows_diff, more=more, closing=closing)
