"""The ingestion workflow: link in, document and analysis out."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from dataclasses import dataclass, field
from pathlib import Path

from content_bot.analysis.text_tools import keywords
from content_bot.ingest.fetch import Fetcher
from content_bot.ingest.links import canonical, extract_links, platform_of
from content_bot.models import Outcome

log = logging.getLogger("content_bot.ingest")

# the stop list stands beside the package, edited by moderators
BLOCK_LIST = Path(__file__).with_name("blocked.txt")


@dataclass
class IngestReport:
    accepted: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    rejected: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return len(self.accepted) + len(self.duplicates) + len(self.rejected)


class Orchestrator:
    """Ingests links. The oldest class of the bot, which is why it has the shortest name."""

    def __init__(self, fetcher: Fetcher | None = None, blocked: set[str] | None = None):
        self.fetcher = fetcher or Fetcher()
        self.blocked = self._read_blocked() if blocked is None else blocked
        self._fingerprints: dict[str, str] = {}
        self.index: dict[str, list[str]] = {}

    async def ingest(self, url: str) -> Outcome:
        """One link. Raises FetchError when it cannot be had."""
        url = canonical(url)
        if any(word in url for word in self.blocked):
            return Outcome.REJECTED
        document = await self.fetcher.get(url)
        fingerprint = self._fingerprint(document.text)
        if fingerprint in self._fingerprints:
            return Outcome.DUPLICATE
        self._fingerprints[fingerprint] = url
        for word in keywords(document.text):
            self.index.setdefault(word, []).append(url)
        return Outcome.ACCEPTED

    async def ingest_message(self, message: str) -> IngestReport:
        """All links of a chat message at once."""
        report = IngestReport()
        links = extract_links(message)
        tasks = [asyncio.ensure_future(self.ingest(link)) for link in links]
        for link, result in zip(links, await asyncio.gather(*tasks, return_exceptions=True)):
            if isinstance(result, Exception):
                log.info("rejected %s: %s", link, result)
                report.rejected[link] = str(result)
            elif result is Outcome.ACCEPTED:
                report.accepted.append(link)
            elif result is Outcome.DUPLICATE:
                report.duplicates.append(link)
            else:
                report.rejected[link] = "blocked"
        return report

    def search(self, word: str) -> list[str]:
        return list(self.index.get(word.lower(), []))

    def platforms(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for url in self._fingerprints.values():
            counts[platform_of(url)] = counts.get(platform_of(url), 0) + 1
        return counts

    def _fingerprint(self, text: str) -> str:
        return hashlib.sha256(" ".join(text.lower().split()).encode()).hexdigest()[:16]

    def _read_blocked(self) -> set[str]:
        if not BLOCK_LIST.exists():
            return set()
        lines = BLOCK_LIST.read_text(encoding="utf-8").splitlines()
        return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


_orchestrator: Orchestrator | None = None


def get_orchestrator(auto_create: bool = True) -> Orchestrator | None:
    global _orchestrator
    if _orchestrator is None and auto_create:
        _orchestrator = Orchestrator()
    return _orchestrator
