from unittest import mock

from core.orchestration.application.hub import get_hub
from core.orchestration.domain.search import StoreOrchestrator


async def test_it(monkeypatch):
    hub = get_hub()
    assert await hub.send("x") == 1
    with mock.patch.object(StoreOrchestrator, "load"):
        pass
