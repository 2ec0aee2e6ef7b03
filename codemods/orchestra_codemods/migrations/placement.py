"""Where the module of a legacy orchestrator goes, and under which names it is imported afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from posixpath import dirname
from typing import Literal

from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.names import ModuleIndex

Where = Literal["auto", "move", "in-place", "split"]
"""Where a module is asked to go."""


@dataclass(frozen=True, slots=True)
class Placement:
    """One module with the orchestrators in it that are migrated together.

    ``path`` and ``module`` are the file and its usual name before, ``new_path`` and ``new_module``
    afterwards; they are the same where the module stays. ``why_here`` says why it was not moved.
    An adapter holds a class that stays: ``new_path`` is the adapter's file then.
    ``taken_from`` are path and module of the file out of which this one was taken, where the accessors are.
    """

    path: str
    module: str
    new_path: str
    new_module: str
    targets: tuple[LegacyOrchestrator, ...]
    why_here: str = ""
    taken_from: tuple[str, str] | None = None
    is_adapter: bool = False

    @property
    def is_move(self) -> bool:
        """Whether the module goes to another file."""
        return self.path != self.new_path and not self.is_adapter

    @property
    def layer(self) -> str:
        """The layer package that holds or exports the targets."""
        return str(self.targets[0].layer)

    @property
    def units(self) -> tuple[str, ...]:
        """Who is behind the changes of this module."""
        return tuple(unit_of(target.name) for target in self.targets)

    def is_name(self, name: str) -> bool:
        """Tell whether this is the old module's usual name, or a longer one of the same file."""
        return name == self.module or name.endswith(f".{self.module}")

    def renamed(self, name: str) -> str:
        """Return the new name of the module for one of its old names, such as that under a second root."""
        return name.removesuffix(self.module) + self.new_module


def unit_of(name: str) -> str:
    """Return the name under which a plan knows the migration of one orchestrator."""
    return f"migrate:{name}"


def place(index: ModuleIndex, package: str, path: str, targets: tuple[LegacyOrchestrator, ...]) -> Placement:
    """Return the placement in the layer package of the first target."""
    module = index.module(path)
    home = index.find(package)
    assert module is not None
    assert home is not None
    assert home.path is not None
    stem = targets[0].name if len(targets) == 1 else path.rpartition("/")[2].removesuffix(".py")
    layer = str(targets[0].layer)
    new_path = f"{dirname(home.path)}/{layer}/{stem}.py"
    return Placement(path, module.name, new_path, f"{package}.{layer}.{stem}", targets)


def stay(placement: Placement, why: str) -> Placement:
    """Return the placement of the same targets where they are."""
    return Placement(
        placement.path, placement.module, placement.path, placement.module, placement.targets, why
    )
