"""What a person decided about single classes and their callers; the rest is as the scan proposes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from orchestra_codemods.inventory.model import Inventory, Layer, LegacyOrchestrator
from orchestra_codemods.migrations.lineage import Key, key_of
from orchestra_codemods.migrations.placement import Where

Calls = Literal["imports", "facade", "facade-instances"]
"""How callers change: only where names come from, or calls too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is decided about one class; None is what nobody decided.

    ``callers_left`` are files that go on naming the class where it was: its old module hands everything on.
    ``calls`` has how other callers change, by file, where that is not as for the rest.
    """

    name: str | None = None
    layer: str | None = None
    type: str | None = None
    placement: Where | None = None
    is_skipped: bool = False
    callers_left: frozenset[str] = frozenset()
    calls: tuple[tuple[str, Calls], ...] = ()

    def calls_of(self, path: str, otherwise: Calls) -> Calls:
        """Return how a caller of the class changes."""
        return dict(self.calls).get(path, otherwise)

    def calling(self, path: str, calls: Calls) -> Decision:
        """Return the same decision with another one about how a caller changes."""
        return replace(self, calls=tuple(sorted({**dict(self.calls), path: calls}.items())))

    def applied(self, target: LegacyOrchestrator) -> LegacyOrchestrator:
        """Return the class as the inventory would have it, had it proposed what was decided."""
        if self is _NOTHING:
            return target
        return replace(
            target,
            name=self.name or target.name,
            layer=Layer(self.layer) if self.layer else target.layer,
            type=self.type or target.type,
        )


_NOTHING = Decision()


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions of a whole migration, by the file and the name of each class."""

    by_class: Mapping[Key, Decision] = field(default_factory=dict)

    def about(self, target: LegacyOrchestrator) -> Decision:
        """Return what is decided about a class."""
        return self.by_class.get(key_of(target), _NOTHING)

    def applied(self, inventory: Inventory) -> Inventory:
        """Return an inventory with the names, layers and types that were decided."""
        if not self.by_class:
            return inventory
        targets = tuple(self.about(target).applied(target) for target in inventory.orchestrators)
        return replace(inventory, orchestrators=targets)

    def placement_of(self, targets: Sequence[LegacyOrchestrator], otherwise: Where) -> Where:
        """Return where the module of some classes goes: where the first that was decided says."""
        for target in targets:
            decided = self.about(target).placement
            if decided is not None:
                return decided
        return otherwise

    def leaves(self, path: str, targets: Iterable[LegacyOrchestrator]) -> bool:
        """Tell whether a caller is to stay as it is for one of the classes of a module."""
        return any(path in self.about(target).callers_left for target in targets)

    def with_one(self, key: Key, decision: Decision) -> Decisions:
        """Return these decisions with another one about a class."""
        return Decisions({**self.by_class, key: decision})
