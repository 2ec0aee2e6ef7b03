"""`orchestra migrate`: scan, plan, verify, apply, report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from orchestra_cli.errors import InvalidValueError, MissingValueError, UnknownOrchestratorError
from orchestra_cli.inventory import taken
from orchestra_cli.reports.changes import ChangeReport
from orchestra_cli.session import Session
from orchestra_cli.suggest import did_you_mean, listed
from orchestra_cli.writing import Writing, carry_out, conclude
from orchestra_codemods.config import Config

if TYPE_CHECKING:
    from orchestra_codemods.change import Plan
    from orchestra_codemods.inventory.model import Inventory
    from orchestra_codemods.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for."""

    names: tuple[str, ...] = ()
    is_all: bool = False
    placement: Literal["auto", "move", "in-place"] = "auto"
    callers: Literal["imports", "facade", "facade-instances"] = "imports"
    owner: str | None = None
    remove_on: str | None = None


def migrate(session: Session, request: Request, writing: Writing, output_format: str) -> int:
    """Migrate what was asked for and return the exit code."""
    day = _day(request.remove_on)
    _check_selection(request)
    root, config = session.configured(owner=request.owner)
    with session.progress("Planning"):
        project, inventory = taken(root, config)
        if _are_known(session, request.names, inventory, root, config):
            plan = _planned(project, config, request, day)
        else:
            from orchestra_codemods.change import Plan

            plan = Plan()
    outcome = carry_out(session, root, plan, writing, command=_command(request))
    report = ChangeReport(
        command="migrate", outcome=outcome, shows_diff=writing.diff, more=_more(outcome.plan, inventory)
    )
    session.show(report, output_format)
    return conclude(outcome, writing)


def _planned(project: Project, config: Config, request: Request, day: date | None) -> Plan:
    from orchestra_codemods.inventory import take
    from orchestra_codemods.migrations.orchestrator import MigrateOrchestrators
    from orchestra_codemods.plan import plan
    from orchestra_codemods.verify import verify

    unit = MigrateOrchestrators(
        names=() if request.is_all else request.names,
        placement=request.placement,
        callers=request.callers,
        owner=config.owner,
        remove_on=day or _today() + timedelta(days=config.remove_after_days),
        take=take,
    )

    def replan(current: Project, left_out: frozenset[str]) -> Plan:
        return plan(current, [unit.leaving_out(left_out)])

    return verify(project, replan(project, frozenset()), replan)


def _are_known(
    session: Session, names: Iterable[str], inventory: Inventory, root: Path, config: Config
) -> bool:
    """Tell whether there is anything to plan; say of each name that is migrated already that it is.

    Raises UnknownOrchestratorError.
    """
    from orchestra_cli.registered.read import read_registered

    legacy = [each.name for each in inventory.orchestrators]
    missing = [name for name in names if name not in legacy]
    if not missing:
        return True
    registered = {row.name for row in read_registered(root, config).orchestrators}
    for name in missing:
        if name not in registered:
            found = [each.name for each in inventory.orchestrators if each.refused is None]
            known = f"`orchestra scan` finds {listed(found)}." if found else "`orchestra scan` finds none."
            raise UnknownOrchestratorError(
                f"there is no legacy orchestrator `{name}`",
                hint=did_you_mean(name, legacy, known),
                name=name,
            )
        session.narrate(f"`{name}` is migrated already.")
    return len(missing) < len(list(names))


def _check_selection(request: Request) -> None:
    if bool(request.names) == request.is_all:
        given = (
            "both names and --all were given" if request.is_all else "`orchestra migrate` needs NAME or --all"
        )
        raise MissingValueError(given, hint="`orchestra scan` shows the names.")


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidValueError(
            f"--remove-on cannot be `{text}`: it should be a date", hint="Write it as 2026-01-31."
        ) from None


def _today() -> date:
    return datetime.now().astimezone().date()


def _command(request: Request) -> str:
    return " ".join(("orchestra migrate", *(("--all",) if request.is_all else request.names)))


def _more(plan: Plan, inventory: Inventory) -> dict[str, Any]:
    mentions = inventory.mentions
    levels = Counter(change.proof.name.lower().replace("_", "-") for change in plan.changes)
    return {
        "mentions": {
            "total": mentions.total,
            "by_category": {str(name): count for name, count in mentions.by_category.items()},
        },
        "verified": dict(sorted(levels.items())),
        "to_do": [
            {"path": each.path, "line": each.span.line, "message": each.message} for each in plan.findings
        ],
    }
