"""Moved to `core.orchestration.domain.search`; this name hands everything on to it until 2027-02-20."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.search import (
        IndexOrchestrator as IndexOrchestrator,
        SearchOrchestrator as SearchOrchestrator,
        StoreOrchestrator as StoreOrchestrator,
        _index as _index,
        _search as _search,
        _store as _store,
        get_index as get_index,
        get_search as get_search,
        get_store as get_store,
        reset_search as reset_search,
    )

__all__ = [
    "IndexOrchestrator",
    "SearchOrchestrator",
    "StoreOrchestrator",
    "get_index",
    "get_search",
    "get_store",
    "reset_search",
]

forward(
    __name__,
    "core.orchestration.domain.search",
    was="shop.search",
    remove_on="2027-02-20",
)
