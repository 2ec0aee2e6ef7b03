"""What is logged, what never is, and that it is logged once."""

from __future__ import annotations

import asyncio
import io
import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from orchestra import (
    BaseOrchestrator,
    OrchestrationContext,
    OrchestrationFacade,
    OrchestrationLayer,
    StepResult,
    background,
    operation,
)
from orchestra.redaction import Redactor

CONTEXT = OrchestrationContext("tenant", "request", {}, trace_id="trace")
SECRET = "hunter2-is-a-very-secret-value"


@pytest.fixture(autouse=True)
def _unconfigured_structlog() -> Iterator[None]:
    structlog.reset_defaults()
    yield
    structlog.reset_defaults()


class Guide(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(OrchestrationLayer.DOMAIN, "guide")

    async def orchestrate(self, context: OrchestrationContext, **kwargs: Any) -> Any:
        self._log_orchestration_start(context, **kwargs)
        result = StepResult.ok(result={})
        self._log_orchestration_end(context, result)
        return result


class Leaky(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(OrchestrationLayer.DOMAIN, "leaky")

    @operation
    async def work(self, password: Any, *rest: Any, how: Any = "return", **more: Any) -> Any:
        if how == "raise":
            raise ValueError(f"bad password {password}")
        if how == "fail":
            return StepResult.fail(f"bad password {password}", value=password)
        return StepResult.ok(value=password)

    @operation
    async def stream(self, password: Any) -> AsyncIterator[Any]:
        yield password
        raise ValueError(password)

    @background(interval=60, max_restarts=0)
    async def loop(self) -> None:
        raise ValueError(SECRET)

    async def cleanup(self) -> None:
        raise ValueError(SECRET)


async def everything(facade: OrchestrationFacade, leaky: Any) -> None:
    for how in ("return", "raise", "fail"):
        given = {"how": how, "token": SECRET, "header": f"Bearer {SECRET}", "nested": {"api_key": SECRET}}
        await facade.orchestrate("leaky", CONTEXT, operation="work", password=SECRET, **given)
        with suppress(ValueError):
            await facade.call("leaky", "work", CONTEXT, SECRET, SECRET, **given)
    with suppress(ValueError):
        async for _ in facade.stream("leaky", "stream", CONTEXT, SECRET):
            pass
    await asyncio.sleep(0)
    leaky._log_orchestration_start(CONTEXT, operation="x", password=SECRET, apiKey=SECRET)
    leaky._log_orchestration_end(CONTEXT, StepResult.fail(ValueError(SECRET)))
    await facade.aclose()


@pytest.mark.asyncio
async def test_secrets_reach_no_log_on_any_path(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    facade = OrchestrationFacade()
    facade.register(leaky := Leaky())
    await everything(facade, leaky)

    for event in ("orchestration_started", "orchestration_completed", "background_gave_up", "cleanup_failed"):
        assert event in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.asyncio
async def test_secrets_reach_no_configured_structlog_either() -> None:
    out = io.StringIO()
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(out),
    )
    facade = OrchestrationFacade()
    facade.register(leaky := Leaky())
    await everything(facade, leaky)

    assert out.getvalue().count("orchestration_completed") >= 7
    assert SECRET not in out.getvalue()


@pytest.mark.asyncio
async def test_the_two_events_carry_their_fields() -> None:
    facade = OrchestrationFacade()
    facade.register(Leaky())
    with capture_logs() as events:
        await facade.orchestrate(
            "leaky", CONTEXT, operation="work", password="x", how="raise", event=[1, 2], level="deep"
        )
    started, completed = events[:2]

    assert started == {
        "event": "orchestration_started",
        "log_level": "info",
        "orchestrator": "leaky",
        "layer": "domain",
        "operation": "work",
        "tenant_id": "tenant",
        "request_id": "request",
        "trace_id": "trace",
        "depth": 0,
        "params": {"password": "[redacted]", "how": "raise", "event": "list(2)", "level": "deep"},
    }
    assert (completed["event"], completed["log_level"]) == ("orchestration_completed", "warning")
    assert (completed["success"], completed["error_category"]) == (False, "validation")
    assert completed["error_type"] == "ValueError"
    assert completed["duration"] > 0
    assert "test_logging.py" in completed["error_at"]


@pytest.mark.asyncio
async def test_the_log_helpers_do_not_double_what_the_facade_logs() -> None:
    facade = OrchestrationFacade()
    facade.register(guide := Guide())
    with capture_logs() as events:
        await facade.orchestrate("guide", CONTEXT, depth=1, event=2, level=3, tenant_id=4)
    assert [event["event"] for event in events] == ["orchestration_started", "orchestration_completed"]

    with capture_logs() as events:
        await guide.orchestrate(CONTEXT, depth=1, event=2)
    assert [event["event"] for event in events] == ["orchestration_started", "orchestration_completed"]


@pytest.mark.asyncio
async def test_nothing_is_written_at_the_default_level_but_failures(caplog: pytest.LogCaptureFixture) -> None:
    facade = OrchestrationFacade()
    facade.register(Guide())
    await facade.orchestrate("guide", CONTEXT)

    assert caplog.text == ""


@pytest.mark.asyncio
async def test_a_filtering_structlog_decides_the_level() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    facade = OrchestrationFacade()
    facade.register(Guide())
    with capture_logs() as events:
        await facade.orchestrate("guide", CONTEXT)
    assert events == []
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    with capture_logs() as events:
        await facade.orchestrate("guide", CONTEXT)
    assert len(events) == 2


def test_the_logger_is_bound_and_assignable(caplog: pytest.LogCaptureFixture) -> None:
    guide = Guide()
    guide.logger.warning("look", answer=42)
    assert "event='look'" in caplog.text
    assert "orchestrator='guide'" in caplog.text
    assert "layer='domain'" in caplog.text
    guide.logger = own = logging.getLogger("own")
    assert guide.logger is own


@pytest.mark.parametrize(
    "name",
    ["password", "db_password", "apiKey", "API-KEY", "Authorization", "cookies", "access_token", "pin"],
)
def test_secret_names_are_recognised_in_any_spelling(name: Any) -> None:
    assert Redactor(["pin"]).summarise({name: "x"}) == {name: "[redacted]"}


@pytest.mark.parametrize(
    "text", ["Bearer abc", "https://user:pw@host/x", "sk-123456", "x" * 200, "eyJhbGciOi.x", "a1" * 20]
)
def test_text_that_looks_like_credentials_is_summarised(text: Any) -> None:
    assert Redactor().summarise({"note": text}) == {"note": f"str({len(text)})"}


def test_importing_the_package_imports_neither_asyncio_nor_structlog() -> None:
    code = (
        "import sys, orchestra, orchestra.errors; "
        "assert not {'asyncio', 'structlog', 'dataclasses'} & set(sys.modules); "
        "orchestra.BaseOrchestrator; orchestra.OrchestrationFacade; "
        "assert not {'structlog', 'rich', 'typer', 'libcst'} & set(sys.modules), 'structlog'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.asyncio
async def test_a_processor_that_raises_fails_no_call_and_keeps_no_place() -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("the log is full")

    structlog.configure(processors=[broken])
    facade = OrchestrationFacade(tenant_limit=1)
    facade.register(Guide())

    for _ in range(3):
        assert (await facade.orchestrate("guide", CONTEXT)).success
    assert facade.metrics()["tenants"] == {}
