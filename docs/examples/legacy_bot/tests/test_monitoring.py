"""Monitoring and alerts."""

import asyncio
from unittest import mock

import pytest

from content_bot.models import Severity
from content_bot.monitoring import alerts, realtime
from content_bot.monitoring.alerts import AlertCoordinator
from content_bot.monitoring.realtime import RealTimeMonitoringOrchestrator


def probe_of(*values):
    left = list(values)

    async def probe():
        return left.pop(0) if len(left) > 1 else left[0]

    return probe


@pytest.mark.asyncio
async def test_one_task_per_probe_until_stop(eventually, settled):
    orch = RealTimeMonitoringOrchestrator({"a": probe_of(1.0), "b": probe_of(2.0)}, interval=0.001)
    assert await orch.start() == 2
    assert await orch.start() == 2
    assert set(orch._tasks) == {"a", "b"}
    await eventually(lambda: len(orch.values.get("a", ())) > 2 and len(orch.values.get("b", ())) > 2)
    await orch.stop()
    assert orch._tasks == {}
    await settled(lambda: len(orch.values["a"]))


@pytest.mark.asyncio
async def test_pulse_beats_and_stops(eventually, settled):
    orch = RealTimeMonitoringOrchestrator(interval=0.001)
    assert await orch.start(pulse=0.001) == 1
    await eventually(lambda: orch.pulses() > 2)
    await orch.stop()
    await settled(orch.pulses)


@pytest.mark.asyncio
async def test_failing_probe_is_counted_and_goes_on(eventually):
    probe = mock.AsyncMock(side_effect=[OSError, OSError, 3.0, 3.0, 3.0, 3.0] + [3.0] * 1000)
    orch = RealTimeMonitoringOrchestrator({"a": probe}, interval=0.001)
    await orch.start()
    await eventually(lambda: orch.report().get("a"))
    await orch.stop()
    assert orch._errors == {"a": 2}


@pytest.mark.asyncio
async def test_sampling_by_hand():
    orch = RealTimeMonitoringOrchestrator({"a": probe_of(1.0, 3.0), "b": probe_of(5.0)})
    assert await orch.sample("a") == 1.0
    assert await orch.sample_all() == {"a": 3.0, "b": 5.0}
    assert orch.report()["a"] == {"last": 3.0, "mean": 2.0, "samples": 2}
    with pytest.raises(KeyError):
        await orch.sample("c")


@pytest.mark.asyncio
async def test_listeners_hear_of_outliers_until_they_unsubscribe():
    orch = RealTimeMonitoringOrchestrator({"a": probe_of(1.0, 1.0, 1.0, 9.0, 1.0, 99.0)})
    listener = mock.Mock()
    unsubscribe = orch.subscribe(listener)
    for _ in range(4):
        await orch.sample("a")
    listener.assert_called_once_with("a", 9.0, Severity.CRITICAL)
    unsubscribe()
    for _ in range(2):
        await orch.sample("a")
    assert listener.call_count == 1


def test_probe_names_are_unique():
    orch = RealTimeMonitoringOrchestrator()
    orch.add_probe("a", probe_of(1.0))
    with pytest.raises(ValueError, match="probe a exists"):
        orch.add_probe("a", probe_of(1.0))


def test_monitoring_accessors():
    assert realtime.get_orchestrator() is None
    orch = realtime.get_orchestrator(auto_create=True)
    assert isinstance(orch, RealTimeMonitoringOrchestrator)
    assert realtime.get_orchestrator() is orch
    realtime.set_orchestrator(None)
    assert realtime.get_orchestrator() is None


@pytest.mark.asyncio
async def test_monitoring_probe_can_be_replaced_on_the_class(monkeypatch):
    monkeypatch.setattr(RealTimeMonitoringOrchestrator, "WINDOW", 2)
    orch = RealTimeMonitoringOrchestrator({"a": probe_of(1.0)})
    for _ in range(5):
        await orch.sample("a")
    assert orch.report()["a"]["samples"] == 2


@pytest.mark.asyncio
async def test_alerts_are_delivered_in_the_background(eventually):
    sink = mock.AsyncMock()
    coordinator = AlertCoordinator([sink], interval=0.001)
    assert coordinator.active
    assert await coordinator.alert("disk", "nearly full") is True
    await eventually(lambda: sink.await_count)
    sink.assert_awaited_once_with("[WARNING] disk: nearly full")
    coordinator.close()
    assert not coordinator.active


@pytest.mark.asyncio
async def test_close_stops_the_delivery():
    sink = mock.AsyncMock()
    coordinator = AlertCoordinator([sink], interval=0.001)
    coordinator.close()
    await asyncio.sleep(0)
    await coordinator.alert("disk", "full")
    await asyncio.sleep(0.005)
    sink.assert_not_awaited()
    assert await coordinator.deliver() == 1


def test_alerts_without_a_loop_are_delivered_by_hand():
    sink = mock.AsyncMock()
    coordinator = AlertCoordinator([sink])
    assert not coordinator.active

    async def use():
        await coordinator.alert("a", "minor", Severity.INFO)
        await coordinator.alert("b", "major")
        return await coordinator.deliver()

    assert asyncio.run(use()) == 2
    assert [call.args[0] for call in sink.await_args_list] == ["[WARNING] b: major", "[INFO] a: minor"]


@pytest.mark.asyncio
async def test_critical_alerts_do_not_wait():
    sink = mock.AsyncMock()
    coordinator = AlertCoordinator([sink], interval=60)
    await coordinator.alert("core", "on fire", severity=Severity.CRITICAL)
    assert coordinator.sent == 1
    coordinator.close()


@pytest.mark.asyncio
async def test_muting_and_minimum():
    coordinator = AlertCoordinator(minimum=Severity.WARNING, interval=60)
    assert await coordinator.alert("a", "x", Severity.INFO) is False
    coordinator.mute("a")
    assert await coordinator.alert("a", "x") is False
    coordinator.unmute("a")
    assert await coordinator.alert("a", "x") is True
    with pytest.raises(KeyError):
        coordinator.unmute("a")
    coordinator.close()


def test_initialize_replaces_the_global():
    with pytest.raises(RuntimeError, match="not called"):
        alerts.get_alerts()
    first = alerts.initialize_alerts()
    second = alerts.initialize_alerts(print, minimum=Severity.CRITICAL)
    assert alerts.get_alerts() is second is not first
    assert second.sinks == [print]
