"""The durable backend passes the suite that every backend must pass, on both kinds of store."""

from __future__ import annotations

from typing import Any

import pytest

from orchestra.durable import Durable
from orchestra.testing import DurableConformance


@pytest.mark.asyncio
class TestDurable(DurableConformance):
    @pytest.fixture(autouse=True)
    def _store(self, store_url: str) -> None:
        self.url = store_url

    async def open_backend(self, facade: Any) -> Any:
        backend = Durable(self.url, facade, concurrency=0)
        await backend.open()
        return backend


class Queued(Durable):
    """Enqueues and waits, as a client does, while it is also the worker that takes the runs up."""

    async def run(self, orchestrator: str, operation: Any, context: Any, params: Any, /) -> Any:
        try:
            run = await self.submit(orchestrator, operation, context, **params)
        except Exception as error:
            return self._facade.results.fail(error)
        return await self.result(run)


@pytest.mark.asyncio
class TestThroughTheQueue(DurableConformance):
    @pytest.fixture(autouse=True)
    def _store(self, store_url: str) -> None:
        self.url = store_url

    async def open_backend(self, facade: Any) -> Any:
        backend = Queued(self.url, facade, polling=0.02)
        await backend.open()
        return backend
