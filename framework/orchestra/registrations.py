"""What a facade knows: orchestrators by name, built already or by a factory when first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from orchestra.base import BaseOrchestrator
from orchestra.calls import CURRENT
from orchestra.entry import Entry
from orchestra.errors import FacadeClosedError
from orchestra.protocol import check_orchestrator
from orchestra.registry import Registry
from orchestra.runtime import runtime_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from orchestra.closing import Closing
    from orchestra.discovery import Discovery
    from orchestra.entry import CleanupPolicy
    from orchestra.facade import OrchestrationFacade
    from orchestra.layers import OrchestrationLayer
    from orchestra.protocol import OrchestratorProtocol


class Registrations:
    """The part of the facade that registers, looks up and takes out."""

    def __init__(self, cleanup_policy: CleanupPolicy) -> None:
        self.registry = Registry(cleanup_policy)
        self._entries = self.registry.entries
        self._loose: WeakSet[Entry] = WeakSet()
        self._closing: Closing | None = None
        self._closed = False

    def register(self, orchestrator: OrchestratorProtocol, *, replace: bool = False) -> None:
        """Register an orchestrator; the same instance twice is fine.

        Raises DuplicateOrchestratorError (a ValueError) for another instance under a name that is taken,
        unless
        ``replace`` is given: then the old one is cleaned up. Raises NotAnOrchestratorError for a class.
        """
        self._check_open()
        entry, old = self.registry.add(orchestrator, replace=replace)
        entry.runtime.attach(self._as_facade())
        if old is not None:
            self.closer.close_later(old)

    def register_factory(self, name: str, factory: Callable[[], Any], *, replace: bool = False) -> None:
        """Register how to build an orchestrator, sync or async; it is built when first used."""
        self._check_open()
        self.registry.add_factory(name, factory, replace=replace)

    def unregister(self, name: str) -> None:
        """Take an orchestrator out; its clean-up is scheduled here and awaited by :meth:`aclose`.

        Raises OrchestratorNotFoundError (a ValueError and a KeyError).
        """
        entry = self.registry.take(name)
        if entry is not None:
            self.closer.close_later(entry)

    async def remove(self, name: str) -> None:
        """Take an orchestrator out and await its clean-up."""
        entry = self.registry.take(name)
        if entry is not None:
            await self.closer.close_entry(entry)

    def get(self, name: str) -> OrchestratorProtocol | None:
        """Return the orchestrator of this name, or None."""
        entry = self.registry.find(name)
        return None if entry is None else entry.orchestrator

    def get_by_layer(self, layer: OrchestrationLayer) -> Sequence[OrchestratorProtocol]:
        """Return the orchestrators of a layer, in the order of registration."""
        return self.registry.in_layer(layer)

    def list_orchestrators(self) -> dict[str, dict[str, Any]]:
        """Return name to layer, type, class, module, operations and state."""
        return {entry.name: entry.describe() for entry in self.registry.build_all()}

    def discover(self, package: str, *, entry_points: bool = False) -> Discovery:
        """Import a package's modules and register what they define; see
        :func:`orchestra.discovery.discover`.
        """
        from orchestra.discovery import discover

        return discover(self._as_facade(), package, entry_points=entry_points)

    def list_names(self) -> list[str]:
        """Return all registered names, those of factories that did not run yet included."""
        return [*self._entries, *(name for name in self.registry.factories if name not in self._entries)]

    def is_registered(self, name: str) -> bool:
        """Return whether something stands under this name."""
        return name in self._entries or name in self.registry.factories

    def known_entries(self) -> list[Entry]:
        """Return the entries of registered orchestrators and of others that were called by instance."""
        return [*self._entries.values(), *self._loose]

    async def _find(self, target: object) -> Entry:
        """Return the entry of a name that has none yet, or raise."""
        self._check_open()
        if not isinstance(target, str):
            return self._entry_of(target)
        entry = await self.registry.find_async(target)
        if entry is None:
            raise self.registry.not_found(target)
        entry.runtime.attach(self._as_facade())
        return entry

    def _entry_of(self, orchestrator: object) -> Entry:
        """Return the entry of an instance, registered here or kept with the instance itself."""
        name = check_orchestrator(orchestrator) if not isinstance(orchestrator, BaseOrchestrator) else None
        if name is not None and not hasattr(orchestrator, "__dict__"):
            entry = self._entries.get(name)
            if entry is None or entry.orchestrator is not orchestrator:
                raise self.registry.not_found(name)
            return entry
        runtime = runtime_of(orchestrator)
        entry = runtime.entries.get(self._as_facade())
        if entry is None:
            found = self._entries.get(name or runtime.label)
            if found is None or found.orchestrator is not orchestrator:
                found = Entry(orchestrator, name or runtime.label, self.registry.cleanup_policy)
                self._loose.add(found)
            entry = runtime.entries[self._as_facade()] = found
        return entry

    @property
    def closer(self) -> Closing:
        """What binds this facade to a loop and closes it there."""
        if self._closing is None:
            from orchestra.closing import Closing

            self._closing = Closing(self._as_facade())
        return self._closing

    def _as_facade(self) -> OrchestrationFacade:
        facade: Any = self  # the only class that inherits this one
        found: OrchestrationFacade = facade
        return found

    def _finishes_call(self) -> bool:
        """Return whether this is part of a call that may still end while the facade closes."""
        call = CURRENT.get()
        return call is not None and call.alive and self.closer.is_draining

    def _check_open(self) -> None:
        if self._closed and not self._finishes_call():
            raise FacadeClosedError(
                "This facade is closed", hint="get_orchestration_facade() returns a fresh one after a close"
            )
