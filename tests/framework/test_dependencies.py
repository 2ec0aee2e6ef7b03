"""Lazy dependencies: loaded once, replaced, closed, and named in errors."""

from __future__ import annotations

import sys
import threading
import types
from typing import Any

import pytest

from orchestra import BaseOrchestrator, OrchestrationLayer, lazy, operation
from orchestra.errors import DependencyError


class Router:
    made = 0

    def __init__(self) -> None:
        type(self).made += 1
        self.closed = False

    async def aclose(self) -> None:
        self.closed = True


@pytest.fixture(autouse=True)
def _module(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("lazy_target")
    vars(module).update(get_router=Router, VALUE={"plain": True}, broken=lambda: 1 / 0)
    monkeypatch.setitem(sys.modules, "lazy_target", module)
    Router.made = 0


class Coordinator(BaseOrchestrator):
    router: lazy[Router] = lazy("lazy_target:get_router")
    value = lazy("lazy_target:VALUE")
    missing = lazy("lazy_target:nothing")
    no_module = lazy("no.such.module:thing")
    broken = lazy("lazy_target:broken")
    shared: lazy[Router] = lazy(Router, close=False)

    def __init__(self, router: Any = None) -> None:
        super().__init__(OrchestrationLayer.APPLICATION, "coordinator")
        self.router = router

    @operation
    def work(self) -> Any:
        return self.router


def test_it_is_loaded_once_and_on_first_use() -> None:
    one, two = Coordinator(), Coordinator()
    assert Router.made == 0
    assert one.router is one.router
    assert two.router is not one.router
    assert Router.made == 2
    assert one.value == {"plain": True}


def test_it_may_be_given_or_replaced() -> None:
    given = Router()
    coordinator = Coordinator(given)
    assert coordinator.router is given
    fake: Any = object()
    coordinator.router = fake
    assert coordinator.router is fake
    coordinator.router = None
    assert isinstance(coordinator.router, Router)


def test_threads_that_are_first_together_load_it_once() -> None:
    tried: list[bool] = []

    class Guarded(Coordinator):
        @lazy
        def loaded() -> Any:
            lock = guarded.runtime.locks["loaded"]
            other = threading.Thread(target=lambda: tried.append(lock.acquire(blocking=False)))
            other.start()
            other.join()
            return Router()

    guarded = Guarded()
    assert guarded.loaded is guarded.loaded
    assert tried == [False]

    coordinator, barrier, seen = Coordinator(), threading.Barrier(8), []

    def use() -> None:
        barrier.wait()
        seen.append(coordinator.router)

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, seen))) == 1


@pytest.mark.asyncio
async def test_what_was_loaded_is_closed_with_the_orchestrator_and_what_was_given_is_not() -> None:
    coordinator = Coordinator()
    loaded, shared = coordinator.router, coordinator.shared
    await coordinator.cleanup()
    assert loaded.closed
    assert not shared.closed
    assert coordinator.router is not loaded

    given = Router()
    await Coordinator(given).cleanup()
    assert not given.closed


@pytest.mark.parametrize("name", ["missing", "no_module"])
def test_an_error_names_the_dependency_and_the_orchestrator(name: Any) -> None:
    with pytest.raises(DependencyError, match=f"The dependency '{name}' of 'coordinator' cannot be imported"):
        getattr(Coordinator(), name)


def test_an_exception_of_the_factory_is_its_own_with_a_note() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        Coordinator().broken  # noqa: B018
    assert caught.value.__notes__ == ["while loading the dependency 'broken' of 'coordinator'"]


def test_on_the_class_it_is_the_descriptor() -> None:
    assert isinstance(Coordinator.router, lazy)
