"""Finding documents that were ingested."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from content_bot.analysis.text_tools import keywords, words
from content_bot.ingest.fetch import LIBRARY
from content_bot.models import Document


@runtime_checkable
class SearchService(Protocol):
    async def find(self, query: str, limit: int = 3) -> list[Document]: ...

    def explain(self, query: str) -> str:
        """Implementations get this for free."""
        return f"search for {', '.join(keywords(query))}"


class SearchWorkflowOrchestrator(SearchService):
    """Ranks the library by words in common. No index, the library is small."""

    def __init__(self, library: dict[str, Document] | None = None) -> None:
        self._library = LIBRARY if library is None else library

    async def find(self, query: str, limit: int = 3) -> list[Document]:
        wanted = set(words(query))
        scored = []
        for document in self._library.values():
            score = len(wanted & set(words(document.title + " " + document.text)))
            if score:
                scored.append((-score, document.url, document))
        return [document for _, _, document in sorted(scored, key=lambda row: row[:2])[:limit]]

    async def first(self, query: str) -> Document | None:
        found = await self.find(query, limit=1)
        return found[0] if found else None
