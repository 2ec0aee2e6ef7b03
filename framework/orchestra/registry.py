"""Names and the orchestrators behind them, built already or by a factory when first asked for."""

from __future__ import annotations

import inspect
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from orchestra.entry import Entry
from orchestra.errors import (
    DuplicateOrchestratorError,
    NotAnOrchestratorError,
    OrchestratorNotFoundError,
    WiringError,
)
from orchestra.layers import check_name, layer_value, nearest
from orchestra.protocol import check_orchestrator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Registry:
    """The entries of one facade."""

    def __init__(self, cleanup_policy: str) -> None:
        self.entries: dict[str, Entry] = {}
        self.factories: dict[str, Callable[[], Any]] = {}
        self.cleanup_policy = cleanup_policy
        self._lock = threading.RLock()
        self._building: dict[str, _Building] = {}

    def add(self, orchestrator: Any, *, replace: bool) -> tuple[Entry, Entry | None]:
        """Enter an orchestrator; return its entry and the one that it replaced."""
        name = check_orchestrator(orchestrator)
        with self._lock:
            old = self.entries.get(name)
            if old is not None and old.orchestrator is orchestrator:
                return old, None
            if old is not None and not replace:
                raise DuplicateOrchestratorError(
                    f"Orchestrator '{name}' is already registered",
                    hint="Give it another name, unregister the first, or pass replace=True",
                    name=name,
                )
            entry = Entry(orchestrator, name, self.cleanup_policy)
            self.entries[name] = entry
            return entry, old

    def add_factory(self, name: str, factory: Callable[[], Any], *, replace: bool) -> None:
        """Remember how to build an orchestrator."""
        check_name(name)
        if not callable(factory):
            raise NotAnOrchestratorError(
                f"The factory of '{name}' cannot be called", hint="Give a function or class without arguments"
            )
        with self._lock:
            if not replace and (name in self.entries or name in self.factories):
                raise DuplicateOrchestratorError(
                    f"Orchestrator '{name}' is already registered", hint="Pass replace=True", name=name
                )
            self.factories[name] = factory

    def take(self, name: str) -> Entry | None:
        """Remove and return an entry; None for a factory that never ran; raise for an unknown name."""
        with self._lock:
            factory = self.factories.pop(name, None)
            entry = self.entries.pop(name, None)
        if entry is None and factory is None:
            raise self.not_found(name)
        return entry

    def find(self, name: str) -> Entry | None:
        """Return the entry, built now if there is a factory; None when there is neither."""
        with self._lock:
            entry = self.entries.get(name)
            if entry is None and name in self.factories:
                with _noting(name):
                    made = self.factories[name]()
                entry = self._accept(name, made)
            return entry

    async def find_async(self, name: str) -> Entry | None:
        """Return the entry, built now by a factory that may be async; None when there is neither."""
        while True:
            entry = self.entries.get(name)
            if entry is not None or name not in self.factories:
                return entry
            building = self._building.get(name)
            if building is None:
                return await self._build(name)
            await building.others(name)

    async def _build(self, name: str) -> Entry:
        """Run the factory once, however many calls are the first together."""
        building = self._building[name] = _Building()
        try:
            with _noting(name):
                made = self.factories[name]()
                if inspect.isawaitable(made):
                    made = await made
            with self._lock:
                return self.entries.get(name) or self._accept(name, made)
        finally:
            del self._building[name]
            building.done.set()

    def not_found(self, name: object) -> OrchestratorNotFoundError:
        """Return the error for a name under which nothing is registered."""
        known = sorted({*self.entries, *self.factories})
        return OrchestratorNotFoundError(
            f"Orchestrator '{name}' not found in facade: it is not registered.{nearest(str(name), known)}",
            hint=f"Registered are: {', '.join(known)}" if known else "Call facade.register(…) first",
            name=name,
            known=known,
        )

    def in_layer(self, layer: object) -> list[Any]:
        """Return the orchestrators of a layer, in the order of registration."""
        wanted = layer_value(layer)
        return [entry.orchestrator for entry in self.build_all() if entry.layer == wanted]

    def build_all(self) -> list[Entry]:
        """Run the factories that did not run yet and return all entries."""
        for name in tuple(self.factories):
            self.find(name)
        return list(self.entries.values())

    def _accept(self, name: str, made: Any) -> Entry:
        if inspect.isawaitable(made):
            if inspect.iscoroutine(made):
                made.close()
            raise WiringError(
                f"The factory of '{name}' is async, and this is a synchronous lookup",
                hint="Call it through 'await facade.orchestrate(…)', or 'await facade.build()' first",
            )
        try:
            found = check_orchestrator(made)
        except NotAnOrchestratorError as error:
            raise WiringError(
                f"The factory of '{name}' built none: {error.message}", hint=error.hint
            ) from None
        if found != name:
            raise WiringError(
                f"The factory of '{name}' built an orchestrator named '{found}'",
                hint="Register the factory under the orchestrator's own name",
            )
        del self.factories[name]
        return self.add(made, replace=False)[0]


@contextmanager
def _noting(name: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        error.add_note(f"in the factory of the orchestrator '{name}'")
        raise


class _Building:
    """A factory that is running, and those who wait for its end, whichever it is."""

    def __init__(self) -> None:
        from asyncio import current_task

        from orchestra.stopping import StopSignal

        self.done = StopSignal()
        self._task = current_task()

    async def others(self, name: str) -> None:
        from asyncio import current_task

        if current_task() is self._task:
            raise WiringError(
                f"The factory of '{name}' asks for '{name}' itself",
                hint="Build the orchestrator without a call to itself; call it once it is registered",
            )
        await self.done.wait()
