from unittest import mock

from shop.hub import get_hub
from shop.search import StoreOrchestrator


async def test_it(monkeypatch):
    hub = get_hub()
    assert await hub.send("x") == 1
    with mock.patch.object(StoreOrchestrator, "load"):
        pass
