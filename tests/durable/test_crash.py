"""Workers that are killed, stopped and replaced: every run finishes, nothing journaled is redone.

A seeded sample of the matrix that `make crash` runs in full.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.durable.crashing import matrix
from tests.durable.crashing.harness import Crew, Verdict, Zygote
from tests.support.postgres import OwnServer


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with Zygote() as found:
        yield found


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """The seed of the whole run of pytest: `-p "randomly_seed=…"` repeats it."""
    return int(request.config.getoption("randomly_seed", 0) or 0)


def judge(verdict: Verdict) -> None:
    assert verdict.finished == verdict.runs == verdict.right, verdict
    assert verdict.redone == 0, verdict


@pytest.mark.asyncio
async def test_a_killed_worker_loses_nothing(
    zygote: Zygote, store_url: str, tmp_path: Path, seed: int
) -> None:
    points = matrix.sample(seed, 4)
    judge(await matrix.measured(lambda crew: matrix.killed(crew, points), zygote, store_url, tmp_path))


@pytest.mark.asyncio
async def test_a_worker_that_slept_redoes_nothing(
    zygote: Zygote, postgres_url: str, tmp_path: Path, seed: int
) -> None:
    points = matrix.sample(seed, 2)
    judge(await matrix.measured(lambda crew: matrix.stopped(crew, points), zygote, postgres_url, tmp_path))


@pytest.mark.asyncio
async def test_a_blocked_event_loop_is_no_death(zygote: Zygote, sqlite_url: str, tmp_path: Path) -> None:
    judge(await matrix.measured(matrix.blocked, zygote, sqlite_url, tmp_path))


@pytest.mark.asyncio
async def test_a_graceful_stop_hands_over_at_once(zygote: Zygote, postgres_url: str, tmp_path: Path) -> None:
    judge(await matrix.measured(matrix.gracefully_stopped, zygote, postgres_url, tmp_path))


@pytest.mark.asyncio
async def test_a_deploy_lets_old_runs_wait_for_old_workers(
    zygote: Zygote, sqlite_url: str, tmp_path: Path
) -> None:
    judge(await matrix.measured(matrix.deployed, zygote, sqlite_url, tmp_path))


@pytest.mark.asyncio
async def test_tenants_operations_and_keys_are_not_mixed_up(
    zygote: Zygote, postgres_url: str, tmp_path: Path
) -> None:
    judge(await matrix.measured(matrix.not_mixed_up, zygote, postgres_url, tmp_path))


@pytest.mark.asyncio
async def test_workers_that_come_up_at_the_same_moment_share_the_work(
    zygote: Zygote, store_url: str, tmp_path: Path
) -> None:
    judge(await matrix.measured(matrix.started_twice, zygote, store_url, tmp_path))


@pytest.mark.asyncio
async def test_a_tenant_has_no_more_runs_than_it_may_have_on_all_workers_together(
    zygote: Zygote, store_url: str, tmp_path: Path
) -> None:
    judge(await matrix.measured(matrix.one_at_a_time, zygote, store_url, tmp_path))


@pytest.mark.asyncio
async def test_a_singleton_task_runs_on_one_worker_and_moves_on_when_that_dies(
    zygote: Zygote, store_url: str, tmp_path: Path
) -> None:
    judge(await matrix.measured(matrix.swept, zygote, store_url, tmp_path))


@pytest.mark.asyncio
async def test_a_locked_store_is_waited_for(zygote: Zygote, sqlite_url: str, tmp_path: Path) -> None:
    async def row(crew: Crew) -> Verdict:
        return await matrix.away(crew, matrix.sqlite_away(sqlite_url))

    judge(await matrix.measured(row, zygote, sqlite_url, tmp_path))


@pytest.mark.asyncio
async def test_a_database_that_crashes_is_waited_for(zygote: Zygote, tmp_path: Path) -> None:
    with OwnServer() as server:

        async def row(crew: Crew) -> Verdict:
            return await matrix.away(crew, matrix.postgres_away(server))

        judge(await matrix.measured(row, zygote, server.new_database(), tmp_path))
