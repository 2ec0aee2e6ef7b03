"""What legacy classes do keeps working once they inherit the base class."""

from __future__ import annotations

import asyncio
import copy
import inspect
import pickle
import threading
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar
from unittest import mock

import pytest

from orchestra import (
    BaseOrchestrator,
    OrchestrationContext,
    OrchestrationFacade,
    OrchestrationLayer,
    background,
    configure,
    operation,
)
from orchestra.errors import NotInitializedError
from orchestra.testing import assert_no_leaked_tasks

CONTEXT = OrchestrationContext("tenant", "request", {})


class Legacy(BaseOrchestrator):
    """A class with the names that one legacy class in six defines."""

    def __init__(self) -> None:
        super().__init__(OrchestrationLayer.INFRASTRUCTURE, "legacy")
        self.logger = "my own logger"
        self.metrics = {"calls": 0}
        self.health = "fine"
        self.state = "mine"
        self._name = "other"
        self._layer = self._type = self._runtime = self._stop = None
        self._shutdown_event = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._running = False

    @operation
    async def start(self) -> str:
        self._running = True
        self._task = self.runtime.spawn(self._loop)
        return "started by me"

    @operation
    async def stop(self) -> str:
        self._running = False
        if self._task:
            self._task.cancel()
        return "stopped by me"

    @operation
    def get_metrics(self) -> Any:
        self.metrics["calls"] += 1
        return self.metrics

    async def _loop(self) -> None:
        while self._running:
            await asyncio.sleep(60)


@pytest.mark.asyncio
async def test_a_class_that_defines_our_words_keeps_its_own() -> None:
    facade = OrchestrationFacade()
    facade.register(legacy := Legacy())
    async with assert_no_leaked_tasks():
        assert await legacy.start() == "started by me"
        assert (await facade.orchestrate("legacy", CONTEXT, operation="start")).unwrap() == "started by me"
        assert await facade.call("legacy", "get_metrics", CONTEXT) == {"calls": 1}
        assert (legacy.logger, legacy.health, legacy.state, legacy._name) == (
            "my own logger",
            "fine",
            "mine",
            "other",
        )
        assert legacy.name == "legacy"
        await facade.orchestrate("legacy", CONTEXT, operation="stop")
        with pytest.raises(asyncio.CancelledError):
            await asyncio.gather(*filter(None, [legacy._task]))
        await facade.aclose()


@pytest.mark.asyncio
async def test_the_handle_of_a_spawned_task_is_a_task() -> None:
    legacy = Legacy()
    await legacy.start()

    assert type(legacy._task) is asyncio.Task
    assert await asyncio.wait_for(legacy.stop(), 5) == "stopped by me"
    await legacy.cleanup()


class Ticking(BaseOrchestrator):
    def __init__(self, required: Any, *, name: Any = "ticking") -> None:
        super().__init__(OrchestrationLayer.DOMAIN, name)
        self.required = required

    @operation
    async def work(self) -> Any:
        return self.required

    @background(interval=60)
    async def tick(self) -> None:
        self.ticks = getattr(self, "ticks", 0) + 1


@pytest.mark.asyncio
async def test_object_new_works_in_tests() -> None:
    ticking = object.__new__(Ticking)
    ticking.required = "set by the test"

    assert await ticking.work() == "set by the test"
    assert ticking.runtime.label == "ticking"
    with pytest.raises(NotInitializedError):
        ticking.layer  # noqa: B018
    assert not hasattr(ticking, "layer")
    ticking.logger.debug("no failure")
    async with assert_no_leaked_tasks():
        await ticking.cleanup()


@pytest.mark.asyncio
async def test_a_copy_has_a_runtime_of_its_own() -> None:
    one = Ticking("x")
    await one.work()
    for other in (copy.copy(one), copy.deepcopy(one)):
        assert other.runtime is not one.runtime
        assert (other.name, other.layer, other.runtime.state) == ("ticking", one.layer, "created")
    await one.cleanup()


def test_an_orchestrator_survives_pickling() -> None:
    again = pickle.loads(pickle.dumps(Ticking("x")))

    assert (again.required, again.name, again.layer) == ("x", "ticking", OrchestrationLayer.DOMAIN)


@pytest.mark.asyncio
async def test_mocks_on_the_instance_and_on_the_class_are_called() -> None:
    facade = OrchestrationFacade()
    facade.register(ticking := Ticking("x"))
    with mock.patch.object(ticking, "work", mock.AsyncMock(return_value="mocked")):
        assert await facade.call("ticking", "work", CONTEXT) == "mocked"
    with mock.patch.object(Ticking, "work", mock.AsyncMock(return_value="mocked")):
        assert (await facade.orchestrate("ticking", CONTEXT)).unwrap() == "mocked"
    assert mock.MagicMock(spec=Ticking).work is not None
    await facade.aclose()


@pytest.mark.asyncio
async def test_a_subclass_of_a_subclass_needs_nothing() -> None:
    class Middle(Ticking):
        async def tick(self) -> None:
            self.middle = True
            await super().tick()

    class Last(Middle):
        async def work(self) -> Any:
            return "last", await super().work()

    last = Last("x")
    assert await last.work() == ("last", "x")
    await asyncio.sleep(0)
    assert (last.ticks, last.middle) == (1, True)
    async with assert_no_leaked_tasks():
        await last.cleanup()


@pytest.mark.asyncio
async def test_another_base_keeps_its_constructor_to_itself() -> None:
    class Mixin:
        def __init__(self, needed: Any) -> None:
            self.needed = needed

    class Both(Ticking, Mixin):
        def __init__(self) -> None:
            Mixin.__init__(self, "given")
            super().__init__("x")

    assert (Both().needed, Both().required) == ("given", "x")


@pytest.mark.asyncio
async def test_operations_called_from_threads_of_their_own() -> None:
    class Sync(BaseOrchestrator):
        def __init__(self) -> None:
            super().__init__(OrchestrationLayer.DOMAIN, "sync")

        @operation
        def where(self) -> Any:
            return threading.current_thread().name

    facade = OrchestrationFacade()
    facade.register(Sync())
    assert await facade.call("sync", "where", CONTEXT) == threading.current_thread().name


def test_a_projects_result_class_without_the_category_falls_back_to_processing() -> None:
    class Results:
        pass

    from enum import Enum

    module = type(threading)("their_results")
    vars(module)["ErrorCategory"] = Enum("ErrorCategory", "PROCESSING OTHER")

    class Theirs:
        def __init__(
            self, success: Any, data: Any = None, error: Any = None, error_category: Any = None
        ) -> None:
            self.success, self.data, self.error, self.error_category = success, data, error, error_category

        @classmethod
        def ok(cls, **data: Any) -> Any:
            return cls(True, data)

        @classmethod
        def fail(cls, error: Any, error_category: Any = None) -> Any:
            return cls(False, None, error, error_category)

    Theirs.__module__ = "their_results"
    with mock.patch.dict("sys.modules", {"their_results": module}):
        vars(module)["Theirs"] = Theirs
        configure(result_class="their_results:Theirs")
        facade = OrchestrationFacade()
        facade.register(Ticking("x"))

        async def use() -> Any:
            good = await facade.orchestrate("ticking", CONTEXT)
            bad = await facade.orchestrate("ticking", CONTEXT, operation="nothing")
            await facade.aclose()
            return good, bad

        good, bad = asyncio.run(use())
    assert (type(good), good.data) == (Theirs, {"result": "x"})
    assert (bad.success, bad.error_category) == (False, module.ErrorCategory.PROCESSING)


class Answering(Ticking):
    """A class that answers to every name, as proxies do."""

    ticks = 0

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **kwargs: f"{name} is made up"


@pytest.mark.asyncio
async def test_a_class_that_answers_to_every_name_has_no_start_and_no_policy_of_its_own() -> None:
    facade = OrchestrationFacade(cleanup_policy="per_call")
    facade.register(answering := Answering("x"))

    started = await facade.orchestrate("ticking", CONTEXT, operation="start")
    assert started.data == {"result": {"status": "started"}}
    assert answering.runtime.state == "stopped"
    await facade.aclose()


@dataclass(slots=True)
class Slotted(BaseOrchestrator):
    """Which the decorator makes twice, so that its clean-up is wrapped twice if nobody looks."""

    cleaned: int = 0

    def __post_init__(self) -> None:
        BaseOrchestrator.__init__(self, OrchestrationLayer.DOMAIN, "slotted")

    @operation
    def work(self) -> int:
        return self.cleaned

    async def cleanup(self) -> None:
        self.cleaned += 1


@dataclass(frozen=True)
class Frozen(BaseOrchestrator):
    number: int = 1

    def __post_init__(self) -> None:
        super().__init__(OrchestrationLayer.DOMAIN, "frozen")

    @operation
    def work(self) -> int:
        return self.number


@pytest.mark.asyncio
async def test_dataclasses_with_slots_and_frozen_ones_are_orchestrators() -> None:
    async with OrchestrationFacade() as facade:
        facade.register(slotted := Slotted())
        facade.register(Frozen(7))
        assert (await facade.orchestrate("slotted", CONTEXT)).unwrap() == 0
        assert (await facade.orchestrate("frozen", CONTEXT)).unwrap() == 7
        assert await facade.call(Frozen(8), "work", CONTEXT) == 8
    assert slotted.cleaned == 1
    cleanup: Any = inspect.getattr_static(Slotted, "cleanup")
    assert not hasattr(cleanup.__wrapped__, "__wrapped__")


class Tagged:
    """A base with an ``__init_subclass__`` of its own."""

    tags: ClassVar[dict[str, str]] = {}

    def __init_subclass__(cls, tag: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.tags[cls.__name__] = tag


Item = TypeVar("Item")


class First(Tagged, BaseOrchestrator, Generic[Item], tag="first"):
    def __init__(self) -> None:
        super().__init__(OrchestrationLayer.DOMAIN, "first")

    @operation
    def echo(self, item: Item) -> Item:
        return item


class Second(BaseOrchestrator, Tagged, tag="second"):
    def __init__(self) -> None:
        super().__init__(OrchestrationLayer.DOMAIN, "second")

    @operation
    def echo(self, item: int) -> int:
        return item


@pytest.mark.asyncio
async def test_bases_with_hooks_of_their_own_and_generic_ones_work_on_either_side() -> None:
    facade = OrchestrationFacade()
    facade.register(First[int]())
    facade.register(Second())

    assert Tagged.tags == {"First": "first", "Second": "second"}
    assert (await facade.orchestrate("first", CONTEXT, item=1)).unwrap() == 1
    assert (await facade.orchestrate("second", CONTEXT, item=2)).unwrap() == 2


@pytest.mark.asyncio
async def test_copies_have_a_runtime_of_their_own_and_keep_the_name() -> None:
    original = Frozen(3)
    facade = OrchestrationFacade()
    facade.register(original)
    await facade.orchestrate("frozen", CONTEXT)
    for again in (copy.copy(original), copy.deepcopy(original), pickle.loads(pickle.dumps(original))):
        assert (again.name, again.layer, again.number) == ("frozen", OrchestrationLayer.DOMAIN, 3)
        assert again.runtime is not original.runtime
        assert again.runtime.state == "created"


@pytest.mark.asyncio
@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit, asyncio.CancelledError])
async def test_what_is_no_exception_passes_through_and_keeps_no_place(error: type[BaseException]) -> None:
    class Raising(BaseOrchestrator):
        def __init__(self) -> None:
            super().__init__(OrchestrationLayer.DOMAIN, "raising")

        @operation
        async def work(self) -> None:
            raise error

    facade = OrchestrationFacade(tenant_limit=1)
    facade.register(Raising())
    for call in (facade.orchestrate("raising", CONTEXT), facade.call("raising", "work", CONTEXT)):
        with pytest.raises(error):
            await call
    metrics = facade.metrics()
    assert metrics["tenants"] == {}
    assert metrics["orchestrators"]["raising"]["in_flight"] == 0
