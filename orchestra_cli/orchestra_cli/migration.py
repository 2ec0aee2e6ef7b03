"""`orchestra migrate`: scan, plan, verify, apply, report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from orchestra_cli.errors import InvalidValueError, UnknownOrchestratorError
from orchestra_cli.inventory import taken
from orchestra_cli.migrating.planner import Planner
from orchestra_cli.migrating.request import Request
from orchestra_cli.proving.proofs import Proofs
from orchestra_cli.reports.migration import migration_report
from orchestra_cli.session import Session
from orchestra_cli.suggest import did_you_mean, listed
from orchestra_cli.writing import NOT_WRITABLE, Writing, carry_out, conclude
from orchestra_codemods.change import Plan, Planned
from orchestra_codemods.migrations.decisions import Decisions

if TYPE_CHECKING:
    from pathlib import Path

    from orchestra_cli.migrating.committing import Course
    from orchestra_cli.migrating.plan_reader import PlanFile


def migrate(session: Session, request: Request, writing: Writing, output_format: str) -> int:
    """Migrate what was asked for and return the exit code.

    What it would do is remembered, where that was all that was asked.
    """
    request.check(writing)
    file = _plan_file(request)
    root, config = session.configured(owner=request.owner)
    from orchestra_codemods.apply import require_finished

    require_finished(root, command=request.command)
    if request.is_committed:
        from orchestra_cli.migrating.commits import require_committable

        require_committable(root)
    with session.progress("Planning"):
        project, inventory = taken(root, config)
        settings = request.settings(config, file)
        names = request.names if file is None else file.names
        planner = Planner(root, project, inventory, config, settings, names)
        decisions, plan = _decided(session, planner, file, request)
    if request.is_reviewed:
        from orchestra_cli.migrating.review import Review

        to_try = tuple(Proofs.asked_for(session, request).to_try())
        review = Review(session, planner, decisions, plan, to_try)
        review.run()
        planner, decisions, plan = review.planner, review.decisions, review.plan
    if request.write_plan is not None:
        _write_plan(session, planner, plan, decisions, request.write_plan)
        session.show(migration_report(Planned(plan), inventory.mentions, writing), output_format)
        session.narrate(
            f"Next: read {request.write_plan}, then `orchestra migrate --plan {request.write_plan}`."
        )
        return conclude(Planned(plan), Writing())
    proofs = Proofs.asked_for(session, request)
    plan = proofs.prove(planner, decisions, plan)
    course = None
    if request.is_committed and writing.is_wanted:
        from orchestra_cli.migrating.committing import Committing

        course = Committing(session=session, planner=planner, prove=proofs.prove).run(decisions, plan)
        outcome = course.outcome(plan)
    else:
        outcome = carry_out(session, root, plan, writing, command=request.command)
    report = migration_report(outcome, inventory.mentions, writing, proofs=proofs, course=course)
    session.show(report, output_format)
    code = _refused_by_git(session, course) or conclude(outcome, writing)
    if isinstance(outcome, Planned) and request.uses_cache:
        session.remember(project, code)
    return code


def _refused_by_git(session: Session, course: Course | None) -> int:
    """Say why a commit was not made, and return the exit code; 0 where there is nothing to say."""
    if course is None or course.failed is None:
        return 0
    from orchestra_cli.app import show_error

    session.warn(course.failed.said)
    show_error(course.failed)
    return NOT_WRITABLE


def _plan_file(request: Request) -> PlanFile | None:
    if request.plan is None:
        return None
    from orchestra_cli.migrating.plan_reader import read_plan

    return read_plan(request.plan)


def _decided(
    session: Session, planner: Planner, file: PlanFile | None, request: Request
) -> tuple[Decisions, Plan]:
    if file is None:
        is_known = _are_known(session, planner)
        return Decisions(), planner.plan(Decisions()) if is_known else Plan()
    from orchestra_cli.migrating.plan_standing import check_current, decisions_of

    decisions = decisions_of(file, planner)
    if request.write_plan is None:
        check_current(file, planner, decisions)
    return decisions, planner.plan(decisions)


def _write_plan(session: Session, planner: Planner, plan: Plan, decisions: Decisions, file: Path) -> None:
    from orchestra_cli.migrating.planfile import plan_text
    from orchestra_cli.written import write_reports
    from orchestra_codemods.names import is_plan

    if file.is_file() and not is_plan(file.read_text(encoding="utf-8", errors="replace")):
        raise InvalidValueError(
            f"{file} is there already, and is no plan", hint="Name another file for --write-plan."
        )
    write_reports(session, {file: plan_text(planner, plan, decisions, str(file))}, command="migrate")


def _are_known(session: Session, planner: Planner) -> bool:
    """Tell whether there is anything to plan; say of each name that is migrated already that it is.

    Raises UnknownOrchestratorError.
    """
    from orchestra_cli.registered.read import read_registered

    orchestrators = planner.inventory.orchestrators
    legacy = [each.name for each in orchestrators]
    missing = [name for name in planner.names if name not in legacy]
    if not missing:
        return True
    registered = {row.name for row in read_registered(planner.root, planner.config).orchestrators}
    for name in missing:
        if name not in registered:
            raise _unknown(name, legacy, (each.name for each in orchestrators if each.refused is None))
        session.narrate(f"`{name}` is migrated already.")
    return len(missing) < len(planner.names)


def _unknown(name: str, legacy: Iterable[str], found: Iterable[str]) -> UnknownOrchestratorError:
    names = list(found)
    known = f"`orchestra scan` finds {listed(names)}." if names else "`orchestra scan` finds none."
    return UnknownOrchestratorError(
        f"there is no legacy orchestrator `{name}`", hint=did_you_mean(name, legacy, known), name=name
    )
