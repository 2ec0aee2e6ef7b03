"""Resilience, telemetry, security, deployment, lifecycle."""

import asyncio
import threading
from unittest import mock

import pytest

from bot_platform import ResilienceOrchestrator, get_resilience_orchestrator
from bot_platform.deployment import DeploymentOrchestrator, Stage, deployment_orchestrator
from bot_platform.lifecycle import LifecycleCoordinator, get_lifecycle, set_lifecycle, tracked
from bot_platform.resilience import CircuitState, HealthSummary
from bot_platform.security import Role, SecurityOrchestrator
from bot_platform.telemetry import (
    TelemetryOrchestrator,
    get_telemetry_orchestrator,
    reset_telemetry_orchestrator,
)
from content_bot import commands, diagnostics, reports
from content_bot.errors import AccessDenied, CircuitOpen


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


async def answer(value=42, *, error=None):
    if error:
        raise error
    return value


# ---------------------------------------------------------------- resilience


@pytest.mark.asyncio
async def test_health_is_checked_from_construction_on(eventually):
    orch = ResilienceOrchestrator(health_interval=0.001)
    orch.register_health_check("store", mock.AsyncMock(return_value=True))
    orch.register_health_check("model", mock.AsyncMock(side_effect=OSError))
    await eventually(lambda: orch.get_health_summary().unhealthy)
    summary = orch.get_health_summary()
    assert isinstance(summary, HealthSummary)
    assert (summary.healthy, summary.unhealthy, summary.ok) == (["store"], ["model"], False)
    checks = orch.get_health_summary().checks
    await eventually(lambda: orch.get_health_summary().checks > checks)


@pytest.mark.asyncio
async def test_execute_returns_the_value_and_passes_arguments():
    orch = ResilienceOrchestrator()
    assert await orch.execute_with_resilience("s", answer) == 42
    assert await orch.execute_with_resilience("s", answer, 7) == 7
    with pytest.raises(LookupError, match="lost"):
        await orch.execute_with_resilience("s", answer, error=LookupError("lost"))


@pytest.mark.asyncio
async def test_retries_are_used_before_giving_up():
    orch = ResilienceOrchestrator(failure_threshold=10)
    func = mock.AsyncMock(side_effect=[OSError, OSError, "third"])
    assert await orch.execute_with_resilience("s", func, retries=2) == "third"
    func = mock.AsyncMock(side_effect=OSError("still"))
    with pytest.raises(OSError, match="still"):
        await orch.execute_with_resilience("s", func, retries=1)
    assert func.await_count == 2


@pytest.mark.asyncio
async def test_circuit_opens_half_opens_and_closes():
    clock = Clock()
    orch = ResilienceOrchestrator(2, reset_after=10, clock=clock)
    for _ in range(2):
        with pytest.raises(OSError):
            await orch.execute_with_resilience("s", answer, error=OSError())
    assert orch.circuit_state("s") is CircuitState.OPEN
    with pytest.raises(CircuitOpen) as caught:
        await orch.execute_with_resilience("s", answer)
    assert caught.value.service == "s"
    clock.now = 10.0
    assert await orch.execute_with_resilience("s", answer) == 42
    assert orch.circuit_state("s") is CircuitState.CLOSED
    assert orch.success_rate("s") == pytest.approx(1 / 3)


@pytest.mark.asyncio
async def test_fallback_gets_the_same_arguments():
    orch = ResilienceOrchestrator(failure_threshold=1)
    fallback = mock.AsyncMock(return_value="plan b")
    orch.register_fallback("s", fallback)
    assert await orch.execute_with_resilience("s", answer, 1, error=OSError()) == "plan b"
    assert await orch.execute_with_resilience("s", answer, 2) == "plan b"
    assert fallback.await_args_list[1] == mock.call(2)


@pytest.mark.asyncio
async def test_race_returns_the_first():
    orch = ResilienceOrchestrator()
    never = asyncio.Event()

    async def slow():
        await never.wait()

    assert await orch.race({"slow": slow, "fast": answer}) == 42


@pytest.mark.asyncio
async def test_reset_counts_what_was_open():
    orch = ResilienceOrchestrator()
    diagnostics.trip(orch, "a")
    diagnostics.trip(orch, "b")
    assert await diagnostics.circuit_report(orch) == {"a": True, "b": True, "ok": True}
    assert orch.reset("a") == 1
    assert orch.reset() == 1
    assert reports.services(orch) == ["a", "b"]


@pytest.mark.asyncio
async def test_resilience_accessor_is_lazy():
    first = get_resilience_orchestrator()
    assert isinstance(first, ResilienceOrchestrator)
    assert get_resilience_orchestrator() is first
    with mock.patch("bot_platform.resilience.DEFAULT_THRESHOLD", 99):
        assert ResilienceOrchestrator().failure_threshold == 3


# ---------------------------------------------------------------- telemetry


@pytest.mark.asyncio
async def test_telemetry_flushes_in_the_background(eventually):
    batches = []
    orch = TelemetryOrchestrator([batches.append], flush_interval=0.001)
    orch.start()
    assert orch.is_running()
    orch.record("seen", event="any field", self_made=True)
    await eventually(lambda: batches)
    assert batches == [[{"name": "seen", "event": "any field", "self_made": True}]]
    orch.stop()
    assert not orch.is_running()


@pytest.mark.asyncio
async def test_telemetry_stops_flushing():
    orch = TelemetryOrchestrator(flush_interval=0.001)
    orch.start()
    orch.stop()
    orch.record("late")
    await asyncio.sleep(0.005)
    assert len(orch.buffer) == 1


@pytest.mark.asyncio
async def test_telemetry_can_be_started_twice_and_again(eventually):
    batches = []
    orch = TelemetryOrchestrator(flush_interval=0.001)
    orch.exporters.append(batches.append)
    orch.start()
    orch.start()
    orch.stop()
    orch.start()
    orch.record("again")
    await eventually(lambda: batches)
    orch.stop()


def test_telemetry_needs_a_loop_to_start():
    orch = TelemetryOrchestrator()
    with pytest.raises(RuntimeError):
        orch.start()
    assert not orch.is_running()


@pytest.mark.asyncio
async def test_flush_awaits_and_counts_losses():
    good = mock.AsyncMock()
    orch = TelemetryOrchestrator((good, mock.Mock(side_effect=OSError)))
    orch.record("a")
    orch.record("a")
    assert await orch.flush() == 2
    good.assert_awaited_once()
    assert orch.lost == 2
    assert orch.totals() == {"a": 2}


def test_buffer_is_bounded(monkeypatch):
    monkeypatch.setattr("bot_platform.telemetry.BUFFER_LIMIT", 1)
    orch = TelemetryOrchestrator()
    orch.record("a")
    orch.record("b")
    assert (len(orch.buffer), orch.lost) == (1, 1)


def test_telemetry_accessor_under_threads():
    found = []
    threads = [threading.Thread(target=lambda: found.append(get_telemetry_orchestrator())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(orch) for orch in found}) == 1
    reset_telemetry_orchestrator()
    assert get_telemetry_orchestrator() is not found[0]


# ---------------------------------------------------------------- security


def test_security_is_a_singleton():
    first = SecurityOrchestrator("one")
    assert SecurityOrchestrator() is first
    assert SecurityOrchestrator("two").sign("x") == first.sign("x")


def test_permissions():
    security = SecurityOrchestrator()
    security.grant("warden", Role.MODERATOR)
    assert security.allowed("warden", "ban")
    assert not security.allowed("guest", "post")
    with pytest.raises(KeyError):
        security.allowed("warden", "fly")


@pytest.mark.asyncio
async def test_authorize_returns_the_role_or_raises():
    security = SecurityOrchestrator()
    security.grant("warden", Role.OWNER)
    assert await security.authorize("warden", "ban") is Role.OWNER
    with pytest.raises(AccessDenied, match="guest may not ban"):
        await security.authorize("guest", "ban")


def test_audit_thread_writes_and_ends():
    security = SecurityOrchestrator()
    security.start_audit()
    security.start_audit()
    assert [thread.name for thread in threading.enumerate()].count("audit") == 1
    security.allowed("guest", "read")
    security.stop_audit()
    assert security.audit == [("guest", "read", True)]
    assert "audit" not in [thread.name for thread in threading.enumerate()]


def test_tokens():
    security = SecurityOrchestrator("secret")
    assert security.verify("payload", security.sign("payload"))
    assert not security.verify("payload", "wrong")


# ---------------------------------------------------------------- deployment


@pytest.mark.asyncio
async def test_probes_run_between_start_and_stop(eventually, settled):
    orch = DeploymentOrchestrator(("north", "south", "west"), probe_interval=0.001)
    await orch.start()
    with pytest.raises(RuntimeError, match="probes are running"):
        await orch.start()
    await eventually(lambda: min(orch.probes.values()) > 1)
    await orch.stop()
    await settled(lambda: sum(orch.probes.values()))


@pytest.mark.asyncio
async def test_stop_does_not_wait_for_the_interval():
    orch = DeploymentOrchestrator(probe_interval=3600)
    await orch.start()
    await asyncio.sleep(0)
    await asyncio.wait_for(orch.stop(), timeout=1)
    assert orch.probes == {"north": 1, "south": 1}
    await orch.start()
    await orch.stop()


@pytest.mark.asyncio
async def test_deploy_and_rollback(interaction, monkeypatch):
    orch = DeploymentOrchestrator()
    assert await orch.deploy("1.0") is Stage.LIVE
    assert orch.status() == {"version": "1.0", "stage": "live", "traffic": 100}
    orch.report_unhealthy("north")
    assert await orch.deploy(version="1.1") is Stage.ROLLED_BACK
    assert orch.status() == {"version": "1.0", "stage": "rolled_back", "traffic": 0}
    with pytest.raises(ValueError):
        orch.report_unhealthy("moon")
    for name in ("version", "previous", "stage", "traffic"):
        monkeypatch.setattr(deployment_orchestrator, name, getattr(deployment_orchestrator, name))
    assert await commands.ship(interaction, "2.0") is Stage.LIVE
    deployment_orchestrator.unhealthy = {"north"}
    assert await commands.ship(interaction, "2.1") is Stage.ROLLED_BACK
    deployment_orchestrator.unhealthy = set()


def test_module_instance_is_idle():
    assert isinstance(deployment_orchestrator, DeploymentOrchestrator)
    assert deployment_orchestrator.stage is Stage.IDLE


# ---------------------------------------------------------------- lifecycle


@pytest.mark.asyncio
async def test_lifecycle_beats_until_the_flag_falls(eventually, settled):
    coordinator = LifecycleCoordinator(beat_interval=0.001)
    coordinator.start()
    coordinator.start()
    await eventually(lambda: coordinator.beats > 2)
    coordinator.stop()
    assert coordinator.running is False
    await settled(lambda: coordinator.beats)


@pytest.mark.asyncio
async def test_components_come_up_together():
    coordinator = LifecycleCoordinator()
    assert await coordinator.bring_up("store", "model") == ["model", "store"]
    assert coordinator.alive("store")
    await coordinator.bring_down("store")
    assert not coordinator.alive("store")
    with pytest.raises(KeyError):
        coordinator.components.pop("store")
    assert coordinator.describe() == "<LifecycleCoordinator>"


@pytest.mark.asyncio
async def test_tracked_uses_the_global_coordinator():
    coordinator = LifecycleCoordinator()
    set_lifecycle(coordinator)

    @tracked("search")
    async def search(word):
        return word.upper()

    assert await search("x") == "X"
    assert search.__name__ == "search"
    assert get_lifecycle() is coordinator
    assert coordinator.alive("search")


@pytest.mark.asyncio
async def test_tracked_asks_the_accessor_at_call_time():
    fake = mock.Mock()
    with mock.patch("bot_platform.lifecycle.get_lifecycle", return_value=fake):
        assert await tracked("x")(answer)(3) == 3
    fake.touch.assert_called_once_with("x")
