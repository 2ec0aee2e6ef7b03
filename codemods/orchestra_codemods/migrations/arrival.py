"""Which of a plan's changes is the new file of a class; others in it may mention the class as well."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from orchestra_codemods.change import Change, Kind
from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.migrations.adapters import adapter_name
from orchestra_codemods.migrations.placement import unit_of
from orchestra_codemods.names import parse


def arrival_of(changes: Iterable[Change], target: LegacyOrchestrator) -> Change | None:
    """Return the change that creates the module of a class or of its adapter, None where the class stays.

    Of several with a class of that name it is the one that has the orchestrator's name.
    """
    unit = unit_of(target.name)
    found = [
        change
        for change in changes
        if unit in change.units and change.kind is Kind.CREATE and _defines(change, target)
    ]
    return min(found, key=lambda change: not change.path.endswith(f"/{target.name}.py"), default=None)


def _defines(change: Change, target: LegacyOrchestrator) -> bool:
    if change.after is None or not change.path.endswith(".py"):
        return False
    wanted = {target.class_name, adapter_name(target)}
    return any(
        isinstance(node, ast.ClassDef) and node.name in wanted for node in parse(change.after.text).body
    )
