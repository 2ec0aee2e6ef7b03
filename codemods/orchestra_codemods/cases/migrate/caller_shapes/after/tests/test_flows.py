from unittest import mock

import core.orchestration.domain.flow


def test_it(monkeypatch):
    with mock.patch("core.orchestration.domain.flow.LIMIT", 4), mock.patch(
        "core.orchestration.domain.flow.FlowOrchestrator.run"
    ):
        assert core.orchestration.domain.flow.helper() == 4
    monkeypatch.setattr("core.orchestration.domain.flow.helper", None)
    monkeypatch.setattr(core.orchestration.domain.flow, "LIMIT", 4)
    for name in ["shop.flows.LIMIT"]:
        monkeypatch.setattr(name, 1)
