from unittest import mock

import shop.flows


def test_it(monkeypatch):
    with mock.patch("shop.flows.LIMIT", 4), mock.patch("shop.flows.FlowOrchestrator.run"):
        assert shop.flows.helper() == 4
    monkeypatch.setattr("shop.flows.helper", None)
    monkeypatch.setattr(shop.flows, "LIMIT", 4)
    for name in ["shop.flows.LIMIT"]:
        monkeypatch.setattr(name, 1)
