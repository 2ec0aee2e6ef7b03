"""Transcription of recordings, piece by piece."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

from ..errors import BotError
from ..ingest.fetch import fetch_document
from ..models import Segment, Transcript

logger = logging.getLogger(__name__)

SECONDS_PER_WORD = 0.4


class TranscriptionEngine(Protocol):
    name: str

    async def transcribe(self, chunk: str) -> str: ...


class PlainEngine:
    """Gives back what it gets. Good enough for documents which are text already."""

    name = "plain"

    async def transcribe(self, chunk: str) -> str:
        return chunk


class ShoutingEngine:
    name = "shouting"

    async def transcribe(self, chunk: str) -> str:
        return chunk.upper()


ENGINES = {"plain": PlainEngine, "shouting": ShoutingEngine}


class TranscriptWorkflowOrchestrator:
    """Fetch, cut, transcribe in parallel, and join again."""

    chunk_words = 12

    def __init__(self, engine: TranscriptionEngine, fallback: TranscriptionEngine, *, concurrency: int = 2) -> None:
        if concurrency < 1:
            raise ValueError("concurrency must be at least 1")
        self.engine = engine
        self.fallback = fallback
        self.concurrency = concurrency
        self.fallback_used = 0

    async def transcribe(self, url: str, *, language: str = "en") -> Transcript:
        """The whole transcript of one recording."""
        document = await fetch_document(url)
        if language != document.language:
            raise BotError(f"{url} is in {document.language}, not in {language}")
        chunks = self._cut(document.text)
        limit = asyncio.Semaphore(self.concurrency)

        async def one(chunk: str) -> str:
            async with limit:
                return await self._transcribe_chunk(chunk)

        texts = await asyncio.gather(*(asyncio.create_task(one(chunk)) for chunk in chunks))
        return self._join(url, texts)

    async def transcribe_many(self, urls: list[str]) -> dict[str, Transcript]:
        """Several recordings; those that fail are left out and logged."""
        results = await asyncio.gather(*(self.transcribe(url) for url in urls), return_exceptions=True)
        finished = {}
        for url, result in zip(urls, results):
            if isinstance(result, BotError):
                logger.warning("no transcript of %s: %s", url, result)
            elif isinstance(result, BaseException):
                raise result
            else:
                finished[url] = result
        return finished

    async def _transcribe_chunk(self, chunk: str) -> str:
        try:
            return await self.engine.transcribe(chunk)
        except Exception as error:
            logger.info("engine %s failed (%s), using %s", self.engine.name, error, self.fallback.name)
            self.fallback_used += 1
            return await self.fallback.transcribe(chunk)

    def _cut(self, text: str) -> list[str]:
        parts = text.split()
        return [" ".join(parts[i : i + self.chunk_words]) for i in range(0, len(parts), self.chunk_words)]

    def _join(self, url: str, texts: list[str]) -> Transcript:
        segments, clock = [], 0.0
        for text in texts:
            end = round(clock + len(text.split()) * SECONDS_PER_WORD, 2)
            segments.append(Segment(clock, end, text))
            clock = end
        return Transcript(url, segments, engine=self.engine.name)


def build_transcript_workflow(engine_name: str = "plain", **options) -> TranscriptWorkflowOrchestrator:
    """A new workflow each time, callers rely on that."""
    return TranscriptWorkflowOrchestrator(ENGINES[engine_name](), PlainEngine(), **options)
