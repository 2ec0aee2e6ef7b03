"""Daily and weekly digests.

Can be run by hand: ``python -m content_bot.workflows.digest --days 7``.
"""

import argparse
import asyncio
import sys
from datetime import date, timedelta

from content_bot.analysis.text_tools import keywords, split_sentences
from content_bot.ingest.fetch import LIBRARY

DEFAULT_DAYS = 1
EPOCH = date(2024, 1, 1)


class DigestOrchestrator:
    """Builds one digest out of the library."""

    def __init__(self, limit=5, library=None):
        self.limit = limit
        self._library = LIBRARY if library is None else library
        self.last_digest = None

    async def run(self, day=None):
        """Build the digest of one day; returns its lines."""
        day = day or EPOCH
        lines = [f"Digest of {day.isoformat()}"]
        for document in list(self._library.values())[: self.limit]:
            sentences = split_sentences(document.text)
            if sentences:
                lines.append(f"{document.title}: {sentences[0]}")
        self.last_digest = lines
        return lines

    async def publish(self, channel, day=None):
        lines = await self.run(day)
        for line in lines:
            await channel.post(line)
        return len(lines)

    def topics(self, limit=4):
        """Synchronous on purpose, the web page calls it while rendering."""
        text = " ".join(document.text for document in self._library.values())
        return keywords(text, limit)


class WeeklyDigestOrchestrator:
    """Seven daily digests in one message. Works on a DigestOrchestrator."""

    def __init__(self, daily: DigestOrchestrator, days: int = 7):
        self.daily = daily
        self.days = days

    async def run(self, first_day=EPOCH):
        pages = []
        for offset in range(self.days):
            pages.append(await self.daily.run(first_day + timedelta(days=offset)))
        return pages

    async def headline(self, first_day=EPOCH):
        pages = await self.run(first_day)
        topics = self.daily.topics(2)
        return f"{len(pages)} days: {', '.join(topics)}"


def build_parser():
    parser = argparse.ArgumentParser(prog="digest", description="Print a digest.")
    parser.add_argument("--days", type=int, default=DEFAULT_DAYS)
    parser.add_argument("--limit", type=int, default=3)
    return parser


def main(argv=None):
    options = build_parser().parse_args(argv)
    orch = DigestOrchestrator(limit=options.limit)
    if options.days > 1:
        weekly = WeeklyDigestOrchestrator(orch, days=options.days)
        print(asyncio.run(weekly.headline()))
        return 0
    for line in asyncio.run(orch.run()):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
