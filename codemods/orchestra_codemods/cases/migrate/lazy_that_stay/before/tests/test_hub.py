from unittest import mock

from shop.hub import HubOrchestrator


def test_it():
    with mock.patch("shop.hub.Patched"):
        assert getattr(HubOrchestrator(), "_named")
