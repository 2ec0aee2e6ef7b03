"""Moved to `core.orchestration.domain.search`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.search import IndexOrchestrator as IndexOrchestrator
    from core.orchestration.domain.search import (
        SearchOrchestrator as SearchOrchestrator,
    )
    from core.orchestration.domain.search import StoreOrchestrator as StoreOrchestrator
    from core.orchestration.domain.search import _index as _index
    from core.orchestration.domain.search import _search as _search
    from core.orchestration.domain.search import _store as _store
    from core.orchestration.domain.search import get_index as get_index
    from core.orchestration.domain.search import get_search as get_search
    from core.orchestration.domain.search import get_store as get_store
    from core.orchestration.domain.search import reset_search as reset_search

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
