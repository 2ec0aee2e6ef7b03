"""Fetching documents.

There is no network in this checkout: the library below stands for the cache that production
fills at night.
"""

from content_bot.errors import FetchError
from content_bot.models import Document

LIBRARY = {
    "https://videos.example/interview": Document(
        "https://videos.example/interview",
        "The long interview",
        "The host asks about the new budget. The guest says the budget is a great success. "
        "Critics call it a terrible mistake. The guest claims that taxes fell by 12 percent. "
        "Nobody in the studio can confirm that number. The host thanks the guest.",
        source="video",
    ),
    "https://podcasts.example/episode-7": Document(
        "https://podcasts.example/episode-7",
        "Episode 7: quiet networks",
        "Today we talk about quiet networks. A quiet network is a good network. "
        "We love a boring evening on call. Outages are awful and boring is wonderful.",
        source="podcast",
    ),
    "https://news.example/harbour": Document(
        "https://news.example/harbour",
        "Harbour reopens",
        "The harbour reopens on Monday. Ferries run every hour. The harbour master is happy.",
    ),
    "https://news.example/empty": Document("https://news.example/empty", "Empty page", ""),
}


async def fetch_document(url):
    """Return the document behind ``url`` or raise FetchError."""
    try:
        return LIBRARY[url]
    except KeyError:
        raise FetchError(url, "not in the library") from None


class Fetcher:
    """Fetches with a small memory, used by the pipeline."""

    def __init__(self, loader=None):
        self._loader = loader or fetch_document
        self.hits = 0
        self._memory = {}

    async def get(self, url):
        if url in self._memory:
            self.hits += 1
            return self._memory[url]
        document = await self._loader(url)
        self._memory[url] = document
        return document
