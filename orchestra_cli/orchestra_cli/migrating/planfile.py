"""The plan of a migration as a file that a person reviews and edits: decisions and digests, no contents.

TOML, since people write comments in it and the project's settings are in it already
(docs/decisions/0030-plan-files.md). The edits themselves are computed again when it is carried out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orchestra_cli.migrating.planner import Planner, Settings, callers_of
from orchestra_codemods.change import Plan
from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.migrations.arrival import arrival_of
from orchestra_codemods.migrations.decisions import Decisions
from orchestra_codemods.migrations.placement import unit_of
from orchestra_codemods.names import PLAN_SCHEMA

SCHEMA = f"{PLAN_SCHEMA}1"

_HEAD = """\
schema = "{schema}"

# The plan of a migration. Read it, change what you would decide otherwise, and carry it out with
#     orchestra migrate --plan {file}
# decision is "accept" or "skip", and so is the value of each caller: one that is skipped goes on naming the
# class where it was. "imports", "facade" and "facade-instances" say of one caller what `callers` below says
# of all. name, layer, type and placement ("auto", "move", "in-place" or "split") may be changed.
# The digests at the end say for which files this was decided. After these have changed,
#     orchestra migrate --plan {file} --write-plan {file}
# plans anew and keeps your decisions.

orchestra = "{version}"
package = "{package}"
"""


def plan_text(planner: Planner, plan: Plan, decisions: Decisions, file: str) -> str:
    """Return the text of the file for a plan that was made by these decisions."""
    from orchestra._version import __version__

    parts = [
        _HEAD.format(schema=SCHEMA, file=file, version=__version__, package=planner.config.package),
        "\n".join(_settings(planner.settings)),
    ]
    targets = planner.targets(decisions)
    parts += ("\n".join(_entry(planner, plan, target, decisions)) for target in targets)
    look_alikes = "\n".join(_look_alikes(planner))
    if look_alikes:
        parts.append(look_alikes)
    rows = (f"{_text(path)} = {_text(digest)}" for path, digest in digests(planner, targets, plan).items())
    parts.append("\n".join(("[digests]", *rows)))
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def digests(planner: Planner, targets: Iterable[LegacyOrchestrator], plan: Plan) -> dict[str, str]:
    """Return the digests of what a plan rests on: the classes, who refers to them, what is edited."""
    paths = {change.before.path for change in plan.changes if change.before is not None}
    for target in targets:
        paths |= {target.path, *(caller.path for caller in target.callers)}
    sources = planner.project.sources
    return {path: sources[path].digest for path in sorted(paths) if path in sources}


def _settings(settings: Settings) -> Iterator[str]:
    yield f"callers = {_text(settings.callers)}  # imports, facade or facade-instances"
    yield f"routing = {_text(settings.routing)}  # inherited, or explicit for the guide's ladder"
    if settings.accessors != "kept":
        yield f"accessors = {_text(settings.accessors)}  # kept or offered"
    if settings.dependencies != "eager":
        yield f"dependencies = {_text(settings.dependencies)}  # eager or lazy"
    yield f"remove-on = {settings.remove_on.isoformat()}"
    if settings.owner:
        yield f"owner = {_text(settings.owner)}"


def _entry(planner: Planner, plan: Plan, target: LegacyOrchestrator, decisions: Decisions) -> Iterator[str]:
    decision = decisions.about(target)
    unit = unit_of(target.name)
    planned = {one for change in plan.changes for one in change.units}
    yield "[[orchestrator]]"
    yield f"class = {_text(target.class_name)}"
    yield f"path = {_text(target.path)}  # line {target.line}"
    yield f"decision = {_text('skip' if decision.is_skipped else 'accept')}"
    yield from (
        f"# refused: {_one_line(each.why)}. {_one_line(each.what_to_do)}"
        for each in plan.refusals
        if each.unit == unit and unit not in planned
    )
    yield f"name = {_text(target.name)}"
    yield f"layer = {_text(target.layer)}  # confidence {target.confidence:.0%}"
    yield from (f"#   {_one_line(reason)}" for reason in target.reasons)
    yield f"type = {_text(target.type)}"
    yield f"placement = {_text(decision.placement or planner.settings.placement)}{_place(plan, target)}"
    callers = {**dict.fromkeys(callers_of(plan, target), "accept")}
    callers.update({path: calls for path, calls in decision.calls if calls != planner.settings.callers})
    callers.update(dict.fromkeys(sorted(decision.callers_left), "skip"))
    if callers:
        yield "[orchestrator.callers]"
        yield from (f"{_text(path)} = {_text(what)}" for path, what in sorted(callers.items()))


def _place(plan: Plan, target: LegacyOrchestrator) -> str:
    """Return a comment that says where the class goes, where the plan has it."""
    arrival = arrival_of(plan.changes, target)
    if arrival is not None:
        return f"  # moves to {arrival.path}"
    unit = unit_of(target.name)
    return "  # stays in its file" if any(unit in each.units for each in plan.changes) else ""


def _look_alikes(planner: Planner) -> Iterator[str]:
    if not planner.names:
        refused = [each for each in planner.inventory.orchestrators if each.refused is not None]
        if refused:
            yield "# Not migrated, whatever is decided:"
        for each in refused:
            assert each.refused is not None
            yield f"#   {each.class_name} in {each.path}:{each.line}: {_one_line(each.refused.why)}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _text(value: str) -> str:
    import tomlkit

    return tomlkit.item(str(value)).as_string()
