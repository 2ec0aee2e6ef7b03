"""Hold a plan file against the project: whether it may be decided so, and what has changed since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from orchestra_cli.errors import UsageError
from orchestra_cli.migrating.plan_reader import BadPlanError, PlanFile, PlanVersionError
from orchestra_cli.migrating.planfile import digests
from orchestra_cli.migrating.planner import Planner
from orchestra_cli.suggest import did_you_mean, listed
from orchestra_codemods.change import Plan
from orchestra_codemods.migrations.decisions import Decision, Decisions
from orchestra_codemods.migrations.lineage import Key, key_of


class PlanTreeError(UsageError):
    """The plan was written for another project: none of the files that it rests on is in this one.

    Run it in the project that it was written for; `--root DIR` names one.
    """

    code = "plan-of-another-tree"


class PlanOutdatedError(UsageError):
    """Files that the plan rests on have changed since it was written, or others refer to its classes now.

    What was reviewed is not what would be done. `orchestra migrate --plan FILE --write-plan FILE` plans anew
    and keeps the decisions; then read what is different.
    """

    code = "plan-outdated"


def decisions_of(file: PlanFile, planner: Planner) -> Decisions:
    """Return the decisions about the classes in the file that are there to be migrated.

    Raises BadPlanError for two classes of one name, or a type that the project does not have.
    """
    candidates = {key_of(one): one for one in planner.inventory.orchestrators if one.refused is None}
    decided = {key: one for key, one in file.decisions.by_class.items() if key in candidates}
    proposed = {key: Decision(name=one.name) for key, one in candidates.items()}
    _check_names(file, {**proposed, **decided})
    _check_types(file, planner, decided)
    return Decisions(decided)


def check_current(file: PlanFile, planner: Planner, decisions: Decisions) -> None:
    """Refuse a plan that was written by another version, for another project, or for other files.

    Raises PlanVersionError, PlanTreeError and PlanOutdatedError.
    """
    from orchestra._version import __version__

    again = f"`orchestra migrate --plan {file.file} --write-plan {file.file}` plans anew."
    if file.version != __version__:
        raise PlanVersionError(
            f"{file.file} was written by version {file.version}, this is {__version__}", hint=again
        )
    sources = planner.project.sources
    if file.package != planner.config.package or not any(path in sources for path in file.digests):
        raise PlanTreeError(
            f"{file.file} was written for another project: its files are not here",
            hint="--root DIR names another root.",
        )
    changed = list(_differences(file, planner, decisions))
    if changed:
        raise PlanOutdatedError(
            f"{len(changed)} {'file has' if len(changed) == 1 else 'files have'} changed since {file.file} "
            f"was written: {listed(changed)}",
            hint=again,
            paths=tuple(changed),
        )


def _differences(file: PlanFile, planner: Planner, decisions: Decisions) -> Iterator[str]:
    sources = planner.project.sources
    for path, digest in file.digests.items():
        if path not in sources:
            yield f"{path} (gone)"
        elif sources[path].digest != digest:
            yield path
    mine = [one for one in planner.targets(decisions) if key_of(one) in file.decisions.by_class]
    yield from (f"{path} (new)" for path in digests(planner, mine, Plan()) if path not in file.digests)


def _check_names(file: PlanFile, decided: Mapping[Key, Decision]) -> None:
    taken: dict[str, Key] = {}
    for key, decision in decided.items():
        if decision.name is None or decision.is_skipped:
            continue
        other = taken.setdefault(decision.name, key)
        if other != key:
            raise BadPlanError(
                f"{file.file}: {other[1]} and {key[1]} are both named `{decision.name}`",
                hint="Give one of them another name.",
            )


def _check_types(file: PlanFile, planner: Planner, decided: Mapping[Key, Decision]) -> None:
    known = project_types(planner)
    for key, decision in decided.items():
        if decision.type is not None and decision.type not in known:
            raise BadPlanError(
                f"{file.file}: the type of {key[1]} cannot be `{decision.type}`",
                hint=did_you_mean(decision.type, known, f"The project has {listed(sorted(known), 12)}."),
            )


def project_types(planner: Planner) -> frozenset[str]:
    """Return the orchestration types of the project, in lower case as the inventory names them."""
    import ast

    from orchestra.layers import OrchestrationType
    from orchestra_cli.registered.classes import member_values
    from orchestra_codemods.names import names_of

    found = names_of(planner.project).index.find(f"{planner.config.package}.protocols")
    own: Iterable[str] = ()
    if found is not None and found.path is not None and found.path in planner.project.sources:
        own = member_values(ast.parse(planner.project.sources[found.path].text), "OrchestrationType")
    return frozenset(name.lower() for name in (own or OrchestrationType.__members__))
