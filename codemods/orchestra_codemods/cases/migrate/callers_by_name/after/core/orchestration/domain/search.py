import threading

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)

_search = None


class SearchOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="search",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    async def send(self, text):
        return text

    @operation
    async def find(self, text):
        return [text]

    @operation
    async def first(self, text):
        return text


def get_search():
    global _search
    if _search is None:
        _search = SearchOrchestrator()
    return _search


def reset_search():
    global _search
    _search = None


class IndexOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="index",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    async def find(self, text):
        return [text]


_index = None


def get_index(auto_create=True):
    global _index
    if _index is None and auto_create:
        _index = IndexOrchestrator()
    return _index


class StoreOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.INFRASTRUCTURE,
            name="store",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    async def load(self, key):
        return key

    @operation
    async def keep(self, key):
        return key


_store = None


def get_store():
    global _store
    if _store is None:
        _store = StoreOrchestrator()
    return _store
