"""A migration in steps that can stand alone: one for each orchestrator, or for some that need each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orchestra_cli.migrating.planner import Planner
from orchestra_codemods.change import Plan
from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.migrations.decisions import Decisions
from orchestra_codemods.migrations.lineage import Key, key_of, subclasses_of
from orchestra_codemods.migrations.placement import unit_of


def steps_of(planner: Planner, decisions: Decisions, plan: Plan) -> list[tuple[LegacyOrchestrator, ...]]:
    """Return the classes that a plan migrates, in groups that have to be migrated together.

    Those of one module go together, and those that inherit each other.
    """
    planned = {unit for change in plan.changes for unit in change.units}
    targets = [target for target in planner.targets(decisions) if unit_of(target.name) in planned]
    group = {key_of(target): key_of(target) for target in targets}
    for one, other in _ties(planner, targets):
        if one in group and other in group:
            kept, gone = group[one], group[other]
            group = {key: kept if head == gone else head for key, head in group.items()}
    heads = dict.fromkeys(group[key_of(target)] for target in targets)
    return [tuple(one for one in targets if group[key_of(one)] == head) for head in heads]


def pinned(decisions: Decisions, targets: Sequence[LegacyOrchestrator]) -> Decisions:
    """Return decisions that hold name, layer and type, which else may be proposed anew after each step."""
    from dataclasses import replace

    for target in targets:
        decision = decisions.about(target)
        made = replace(decision, name=target.name, layer=str(target.layer), type=str(target.type))
        decisions = decisions.with_one(key_of(target), made)
    return decisions


def _ties(planner: Planner, targets: Sequence[LegacyOrchestrator]) -> Iterator[tuple[Key, Key]]:
    by_path: dict[str, Key] = {}
    for target in targets:
        key = key_of(target)
        yield by_path.setdefault(target.path, key), key
        for path, shape in subclasses_of(planner.project, key):
            yield key, (path, shape.name)
