"""Runs that go on late: resumed past their deadline or while others are pruned, or of a newer version."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from orchestra import OrchestrationFacade
from orchestra.durable import Durable, DurableClient, Runs
from orchestra.durable.engine import delete_ended
from orchestra.durable.errors import DeadlinePassedError, JournalMismatchError
from tests.durable.test_engine import CONTEXT, Waiting, until


@pytest.fixture
def orchestrator() -> Waiting:
    return Waiting()


@pytest.fixture
def facade(orchestrator: Waiting) -> OrchestrationFacade:
    found = OrchestrationFacade()
    found.register(orchestrator)
    return found


@pytest.mark.asyncio
async def test_a_run_whose_deadline_passed_goes_on_with_a_new_one_and_so_do_its_nested_runs(
    store_url: str, facade: OrchestrationFacade, orchestrator: Waiting
) -> None:
    """Resumed with a minute, it gets through a step that would have had no time left."""
    context = CONTEXT.with_timeout(20)
    async with Durable(store_url, facade, polling=0.02, lease=1.0) as durable:
        run = await durable.submit("conformance", "wait_in_a_nested_run", context, text="a")
        await orchestrator.waits.wait()
        with Runs(store_url) as runs:
            await asyncio.to_thread(runs.cancel, run)
            await until(lambda: orchestrator.cleaned_up)
            first = runs.show(run).deadline
    assert first is not None
    with Runs(store_url) as runs, pytest.MonkeyPatch.context() as patched:
        patched.setattr("orchestra.durable.runs.time.time", lambda: first + 5)
        with pytest.raises(DeadlinePassedError, match="passed 5 s ago") as refused:
            runs.resume(run)
        assert f"orchestra runs resume {run} --timeout SECONDS" in refused.value.hint
        assert runs.show(run).state == "cancelled"
        resumed = runs.resume(run, timeout=60)
        assert (resumed.state, resumed.deadline) == ("queued", first + 65)
        (nested,) = [step.child for step in resumed.steps if step.child]
        assert runs.show(nested).deadline == first + 65
    orchestrator.may_go.set()
    async with Durable(store_url, facade, polling=0.02) as durable:
        assert (await durable.result(run)).success
    assert orchestrator.done == ["a"]


@pytest.mark.asyncio
async def test_a_run_that_a_newer_version_wrote_stops_and_keeps_all_that_it_was_given(
    sqlite_url: str, facade: OrchestrationFacade, orchestrator: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    orchestrator.may_go.set()
    async with DurableClient(sqlite_url, facade) as client:
        with monkeypatch.context() as newer:
            newer.setattr("orchestra.durable.requests.FORMAT", 99)
            run = await client.submit("conformance", "wait", CONTEXT, text="a")
    async with Durable(sqlite_url, facade, polling=0.02) as durable:
        with pytest.raises(JournalMismatchError, match=r"written by a newer version.*upgrade the workers"):
            await durable.result(run)
        assert orchestrator.done == []
        with Runs(sqlite_url) as runs:
            assert (runs.show(run).state, runs.show(run).params) == ("stopped", {"text": "a"})
            monkeypatch.setattr("orchestra.durable.execution.FORMAT", 99)
            await asyncio.to_thread(runs.resume, run)
        assert (await durable.result(run)).data == {"result": "A"}


@pytest.mark.asyncio
async def test_a_run_that_is_resumed_while_others_are_pruned_stays(
    store_url: str, facade: OrchestrationFacade, orchestrator: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was found to have ended, and goes on before it is deleted."""
    async with DurableClient(store_url, facade) as client:
        kept, gone = [await client.submit("conformance", "wait", CONTEXT, text=text) for text in "ab"]
    later = time.time() + 60

    def resumed_first(client: Any, run: str, epoch: float) -> bool:
        if run == kept:
            with Runs(store_url) as other:
                other.resume(run)
        return delete_ended(client, run, epoch)

    monkeypatch.setattr("orchestra.durable.runs.delete_ended", resumed_first)
    with Runs(store_url) as runs:
        runs.cancel(kept)
        runs.cancel(gone)
        assert runs.prune(later) == [gone]
        assert [run.id for run in runs.find()] == [kept]
        assert runs.show(kept).params == {"text": "a"}
