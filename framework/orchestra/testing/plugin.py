"""Fixtures for tests of orchestrators; they work with pytest-asyncio in strict and in auto mode.

``facade``: a fresh facade that is also the global one, closed after the test. ``orchestration_context``: a
context.
``fake_clock``: see :class:`~orchestra.testing.FakeClock`. ``no_leaked_tasks``: fails the test that leaves
tasks. ``--deprecated-uses FILE`` collects who uses deprecated modules while tests run (orchestra.notices).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from orchestra.context import OrchestrationContext
    from orchestra.facade import OrchestrationFacade
    from orchestra.testing.clock import FakeClock

try:
    from pytest_asyncio import fixture as _async_fixture
except ImportError:  # the synchronous fixtures work without it
    _async_fixture = pytest.fixture  # type: ignore[assignment]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that asks for the uses of deprecated modules."""
    parser.getgroup("orchestra").addoption(
        "--deprecated-uses", metavar="FILE", help="append who uses deprecated modules to this file"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Tell this process and those that it starts where to write; workers of pytest-xdist are told alike."""
    file = config.getoption("--deprecated-uses")
    if file is not None:
        from orchestra.notices import VARIABLE

        before = os.environ.get(VARIABLE)
        os.environ[VARIABLE] = str(config.invocation_params.dir / file)
        config.add_cleanup(lambda: _put_back(VARIABLE, before))


def _put_back(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


@_async_fixture
async def facade() -> AsyncIterator[OrchestrationFacade]:
    """A fresh global facade, built as the project builds it, and closed after the test."""
    from orchestra.default import forget_facade, get_orchestration_facade

    previous = forget_facade()
    if previous is not None and not previous.is_closed:
        await previous.aclose()
    fresh = get_orchestration_facade()
    yield fresh
    report = await fresh.aclose()
    forget_facade()
    assert not report.overdue, f"clean-ups that did not end: {report.overdue}"


@pytest.fixture
def orchestration_context() -> OrchestrationContext:
    """A context of the tenant ``test``."""
    from orchestra.context import OrchestrationContext

    return OrchestrationContext(tenant_id="test", request_id="test-1", metadata={})


@pytest.fixture
def fake_clock() -> Iterator[FakeClock]:
    """A clock that stands still until ``await fake_clock.advance(seconds)``."""
    from orchestra.clock import use_clock
    from orchestra.testing.clock import FakeClock

    clock = FakeClock()
    with use_clock(clock):
        yield clock


@_async_fixture
async def no_leaked_tasks() -> AsyncIterator[Any]:
    """Fail when the test leaves a task that was not there before."""
    from orchestra.testing.leaks import assert_no_leaked_tasks

    guard = assert_no_leaked_tasks()
    await guard.__aenter__()
    yield guard
    await guard.__aexit__(None, None, None)
