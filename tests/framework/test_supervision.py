"""Background tasks: started when they should be, restarted, given up visibly, stopped at once."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from orchestra import (
    BaseOrchestrator,
    OrchestrationContext,
    OrchestrationFacade,
    OrchestrationLayer,
    background,
    operation,
)
from orchestra.bounded import CANCEL_SECONDS
from orchestra.errors import InvalidOptionError, InvalidTimeoutError, OrchestratorFailedError
from orchestra.runtime import RUNNING
from orchestra.testing import FakeClock, assert_no_leaked_tasks

CONTEXT = OrchestrationContext("tenant", "request", {})


def state_of(orchestrator: BaseOrchestrator) -> str:
    """Return the state now: a type checker remembers the last comparison of an attribute."""
    return orchestrator.runtime.state


def running(task: asyncio.Task[None] | None) -> asyncio.Task[None]:
    """Return a task that was spawned while a loop ran."""
    assert task is not None
    return task


class Base(BaseOrchestrator):
    def __init__(self, name: Any = "watcher", **options: Any) -> None:
        super().__init__(OrchestrationLayer.INFRASTRUCTURE, name, **options)
        self.ticks = 0

    @operation
    async def peek(self) -> Any:
        return self.ticks

    @operation
    def peek_now(self) -> Any:
        return self.ticks


class Periodic(Base):
    @background(interval=60)
    async def tick(self) -> None:
        self.ticks += 1


class Failing(Base):
    @background(interval=60, max_restarts=3, within=100, backoff=1, max_backoff=4)
    async def tick(self) -> None:
        self.ticks += 1
        raise ValueError("always")


@pytest.mark.asyncio
async def test_a_direct_call_of_an_operation_starts_the_tasks(fake_clock: FakeClock) -> None:
    watcher = Periodic()
    assert watcher.runtime.state == "created"

    await watcher.peek()
    await fake_clock.advance(0)

    assert (watcher.runtime.state, watcher.ticks) == ("started", 1)
    await watcher.cleanup()


@pytest.mark.asyncio
async def test_a_direct_call_of_a_synchronous_operation_starts_them_too(fake_clock: FakeClock) -> None:
    watcher = Periodic()
    watcher.peek_now()
    await fake_clock.advance(0)

    assert watcher.ticks == 1
    await watcher.cleanup()


@pytest.mark.asyncio
async def test_an_inherited_operation_starts_the_tasks_of_a_subclass(fake_clock: FakeClock) -> None:
    class Later(Base):
        @background
        async def loop(self) -> None:
            self.ticks += 1
            await self.runtime.wait_stopped()

    later = Later()
    await later.peek()
    await fake_clock.advance(0)

    assert later.ticks == 1
    await later.cleanup()


@pytest.mark.asyncio
async def test_a_periodic_task_runs_at_its_interval(fake_clock: FakeClock) -> None:
    watcher = Periodic()
    watcher.runtime.start()
    await fake_clock.advance(59)
    assert watcher.ticks == 1
    await fake_clock.advance(1)
    assert watcher.ticks == 2
    await fake_clock.advance(600)
    assert watcher.ticks == 12
    await watcher.cleanup()


@pytest.mark.asyncio
async def test_stop_takes_effect_in_the_middle_of_a_long_wait() -> None:
    watcher = Periodic()
    await watcher.peek()
    await asyncio.sleep(0)
    started = time.monotonic()

    async with assert_no_leaked_tasks():
        await watcher.cleanup()

    assert time.monotonic() - started < 5
    assert watcher.runtime.state == "stopped"


@pytest.mark.asyncio
async def test_a_loop_that_sleeps_is_stopped_at_once() -> None:
    class Sleeper(Base):
        @background
        async def loop(self) -> None:
            while True:
                await asyncio.sleep(60)

    sleeper = Sleeper()
    sleeper.runtime.start()
    await asyncio.sleep(0)
    started = time.monotonic()
    await sleeper.cleanup()

    assert time.monotonic() - started < 4


@pytest.mark.asyncio
async def test_work_in_progress_is_given_its_grace(fake_clock: FakeClock) -> None:
    gate = asyncio.Event()

    class Worker(Base):
        @background(grace=10)
        async def loop(self) -> None:
            await gate.wait()
            self.ticks = 77

    worker = Worker()
    worker.runtime.start()
    await fake_clock.advance(0)
    stopping = asyncio.create_task(worker.cleanup())
    await fake_clock.advance(9)
    gate.set()
    await stopping

    assert worker.ticks == 77


@pytest.mark.asyncio
async def test_a_task_that_will_not_end_is_named_with_its_stack(
    fake_clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    class Stubborn(Base):
        let_go = False

        @background(grace=1)
        async def loop(self) -> None:
            while not self.let_go:
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    continue

    facade = OrchestrationFacade()
    facade.register(stubborn := Stubborn())
    await facade.orchestrate("watcher", CONTEXT, operation="start")
    await fake_clock.advance(0)
    task = running(stubborn.runtime.tasks["loop"].task)
    closing = asyncio.create_task(facade.aclose())
    await fake_clock.advance(1 + CANCEL_SECONDS)
    report = await closing

    assert [(one.orchestrator, one.what) for one in report.overdue] == [("watcher", "loop")]
    assert "test_supervision.py" in report.overdue[0].stack[-2]
    assert "background_overdue" in caplog.text
    stubborn.let_go = True
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.asyncio
async def test_a_failing_task_is_restarted_with_growing_pauses_then_given_up(
    fake_clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    failing = Failing()
    facade = OrchestrationFacade()
    facade.register(failing)
    await facade.start()
    await fake_clock.advance(0)
    assert failing.ticks == 1
    await fake_clock.advance(0.9)
    assert failing.ticks == 1
    await fake_clock.advance(0.3)
    assert failing.ticks == 2
    await fake_clock.advance(1.8)
    assert failing.ticks == 2
    await fake_clock.advance(0.5)
    assert failing.ticks == 3
    await fake_clock.advance(600)

    assert failing.ticks == 4
    health = facade.health()
    assert health["healthy"] is False
    assert health["orchestrators"]["watcher"]["tasks"]["tick"] == {
        "state": "gave up",
        "restarts": 3,
        "failures": 4,
        "last_error": "ValueError",
    }
    assert "background_gave_up" in caplog.text
    assert (await facade.orchestrate("watcher", CONTEXT, operation="peek")).unwrap() == 4
    await facade.aclose()


@pytest.mark.asyncio
async def test_failures_that_lie_far_apart_are_not_added_up(fake_clock: FakeClock) -> None:
    class Rare(Base):
        @background(interval=30, max_restarts=1, within=10, backoff=1)
        async def tick(self) -> None:
            self.ticks += 1
            if self.ticks % 2:
                raise ValueError("every other time")

    rare = Rare()
    rare.runtime.start()
    await fake_clock.advance(600)

    assert rare.runtime.health()["healthy"]
    assert rare.ticks > 10
    await rare.cleanup()


@pytest.mark.asyncio
async def test_a_cancellation_that_is_not_the_tasks_own_is_a_failure_like_others(
    fake_clock: FakeClock,
) -> None:
    class Awaiting(Base):
        @background(interval=60, backoff=1, max_restarts=1)
        async def tick(self) -> None:
            self.ticks += 1
            others = asyncio.ensure_future(asyncio.Event().wait())
            others.cancel()
            await others

    awaiting = Awaiting()
    awaiting.runtime.start()
    await fake_clock.advance(0)
    assert awaiting.runtime.tasks["tick"].state == "backing off"
    await fake_clock.advance(2)

    health = awaiting.runtime.health()
    assert awaiting.ticks == 2
    assert health["healthy"] is False
    assert health["tasks"]["tick"] == {
        "state": "gave up",
        "restarts": 1,
        "failures": 2,
        "last_error": "CancelledError",
    }
    await awaiting.cleanup()


@pytest.mark.asyncio
async def test_giving_up_refuses_calls_only_where_the_task_says_so(fake_clock: FakeClock) -> None:
    class Vital(Base):
        @background(restart="never", on_failure="fail")
        async def loop(self) -> None:
            raise ConnectionError("gone")

    facade = OrchestrationFacade()
    facade.register(vital := Vital())
    await facade.start()
    await fake_clock.advance(0)

    assert state_of(vital) == "failed"
    with pytest.raises(OrchestratorFailedError, match="'loop' gave up"):
        await facade.orchestrate("watcher", CONTEXT, operation="peek")
    assert (await facade.orchestrate("watcher", CONTEXT, operation="start")).success
    assert state_of(vital) == "started"
    await facade.aclose()


@pytest.mark.asyncio
async def test_never_restarting_keeps_the_exception_for_those_who_await_the_task() -> None:
    class Once(Base):
        pass

    once = Once()

    async def fail() -> None:
        raise ValueError("once")

    task = running(once.runtime.spawn(fail))
    with pytest.raises(ValueError, match="once"):
        await task
    assert once.runtime.health()["tasks"]["fail"]["state"] == "gave up"
    await once.cleanup()


@pytest.mark.asyncio
async def test_spawned_tasks_that_end_leave_nothing_behind() -> None:
    base = Base()

    async def work(number: Any) -> None:
        base.ticks += number

    for _ in range(100):
        await running(base.runtime.spawn(work, 1))

    assert base.ticks == 100
    assert base.runtime.tasks == {}


@pytest.mark.asyncio
async def test_start_cleanup_start_works(fake_clock: FakeClock) -> None:
    watcher = Periodic()
    for round_ in (1, 2, 3):
        await watcher.peek()
        await fake_clock.advance(0)
        assert watcher.ticks == round_
        await watcher.cleanup()


@pytest.mark.asyncio
async def test_what_was_stopped_on_purpose_stays_stopped_until_it_is_started(fake_clock: FakeClock) -> None:
    facade = OrchestrationFacade()
    facade.register(watcher := Periodic())
    await facade.orchestrate("watcher", CONTEXT, operation="start")
    await fake_clock.advance(0)
    await facade.orchestrate("watcher", CONTEXT, operation="stop")
    await facade.orchestrate("watcher", CONTEXT, operation="peek")
    await watcher.peek()
    await fake_clock.advance(0)
    assert watcher.ticks == 1

    await facade.orchestrate("watcher", CONTEXT, operation="start")
    await fake_clock.advance(0)
    assert watcher.ticks == 2
    await facade.aclose()


@pytest.mark.asyncio
async def test_eager_tasks_start_at_construction_when_a_loop_runs(fake_clock: FakeClock) -> None:
    watcher = Periodic(start="eager")
    await fake_clock.advance(0)

    assert watcher.ticks == 1
    await watcher.cleanup()


@pytest.mark.asyncio
async def test_manual_tasks_start_only_when_told_to(fake_clock: FakeClock) -> None:
    class Manual(Base):
        @background(interval=60, start="manual")
        async def tick(self) -> None:
            self.ticks += 1

    manual = Manual()
    await manual.peek()
    await fake_clock.advance(0)
    assert manual.ticks == 0
    manual.runtime.start()
    await fake_clock.advance(0)
    assert manual.ticks == 1
    await manual.cleanup()


def test_construction_needs_no_event_loop_and_warns_of_nothing(recwarn: Any) -> None:
    watcher = Periodic(start="eager")
    assert watcher.peek_now() == 0
    assert watcher.runtime.spawn(watcher.tick) is None
    assert watcher.runtime.start() is False

    async def later() -> None:
        await watcher.peek()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await watcher.cleanup()

    asyncio.run(later())

    assert watcher.ticks == 2
    assert not recwarn.list


def test_two_event_loops_in_one_process_do_not_confuse_it() -> None:
    watcher = Periodic()
    facade = OrchestrationFacade()
    facade.register(watcher)

    async def once() -> Any:
        result = await facade.orchestrate("watcher", CONTEXT, operation="peek")
        await asyncio.sleep(0)
        return result.success

    assert asyncio.run(once()) is True
    assert asyncio.run(once()) is True
    assert watcher.ticks == 2
    asyncio.run(facade.aclose())


@pytest.mark.asyncio
async def test_a_task_knows_no_call_that_happened_to_start_it(fake_clock: FakeClock) -> None:
    seen = []

    class Curious(Base):
        @background
        async def loop(self) -> None:
            seen.append(OrchestrationContext.current())

        async def once(self) -> None:
            seen.append(OrchestrationContext.current())

        @operation
        async def spawn(self) -> None:
            await running(self.runtime.spawn(self.once))

    class Outer(Base):
        @operation
        async def nest(self) -> None:
            await self.runtime.facade.call("watcher", "spawn")

    facade = OrchestrationFacade()
    facade.register(Curious())
    facade.register(Outer("outer"))
    await facade.call("outer", "nest", CONTEXT)
    await fake_clock.advance(0)

    assert seen == [None, None]
    await facade.aclose()


@pytest.mark.asyncio
async def test_tasks_are_named_for_debugging(fake_clock: FakeClock) -> None:
    watcher = Periodic()
    watcher.runtime.start()

    assert "orchestra:watcher:tick" in {task.get_name() for task in asyncio.all_tasks()}
    await watcher.cleanup()


@pytest.mark.asyncio
async def test_an_override_without_super_stops_the_tasks_all_the_same() -> None:
    class Own(Periodic):
        async def cleanup(self) -> None:
            self.ticks = 77
            raise RuntimeError("and failed")

    own = Own()
    await own.peek()
    async with assert_no_leaked_tasks():
        with pytest.raises(RuntimeError):
            await own.cleanup()

    assert own.ticks == 77
    assert own.runtime.tasks == {}


@pytest.mark.asyncio
async def test_a_synchronous_cleanup_stops_them_too() -> None:
    class Own(Periodic):
        def cleanup(self) -> Any:
            return "done"

    own = Own()
    await own.peek()
    async with assert_no_leaked_tasks():
        assert own.cleanup() == "done"


@pytest.mark.asyncio
async def test_a_thousand_tasks_drain() -> None:
    base = Base()

    async def loop() -> None:
        await base.runtime.wait_stopped()

    tasks = [running(base.runtime.spawn(loop)) for _ in range(1000)]
    await asyncio.sleep(0)
    async with assert_no_leaked_tasks():
        await base.cleanup()

    assert all(task.done() for task in tasks)


@pytest.mark.parametrize(
    "options", [{"interval": 0}, {"restart": "always"}, {"start": "soon"}, {"on_failure": "x"}]
)
@pytest.mark.asyncio
async def test_options_without_meaning_are_refused(options: Any) -> None:
    with pytest.raises(InvalidOptionError):
        background(**options)


@pytest.mark.asyncio
async def test_negative_intervals_are_refused() -> None:
    with pytest.raises(InvalidTimeoutError, match="interval of -1 seconds"):
        background(interval=-1)


def test_what_was_stopped_on_purpose_stays_stopped_in_another_loop() -> None:
    watcher = Periodic()

    async def start_and_stop() -> None:
        await watcher.peek()
        await asyncio.sleep(0)
        assert watcher.runtime in RUNNING
        await watcher.runtime.stop()

    asyncio.run(start_and_stop())
    asyncio.run(watcher.peek())

    assert watcher.ticks == 1
    assert watcher.runtime.state == "stopped"
    assert watcher.runtime not in RUNNING
