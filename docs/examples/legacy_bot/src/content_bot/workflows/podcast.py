"""Podcasts are transcripts with chapters."""

from __future__ import annotations

from content_bot.analysis.text_tools import keywords
from content_bot.models import Transcript
from content_bot.workflows.transcripts import TranscriptWorkflowOrchestrator


class PodcastWorkflowOrchestrator(TranscriptWorkflowOrchestrator):
    """Transcribes an episode and finds its chapters."""

    chunk_words = 8

    def __init__(self, engine, fallback, chapters=3):
        super().__init__(engine, fallback, concurrency=4)
        self.chapters = chapters

    async def process_episode(self, url: str) -> dict:
        transcript = await self.transcribe(url)
        return {
            "url": url,
            "duration": transcript.duration,
            "chapters": self._chapters(transcript),
            "engine": transcript.engine,
        }

    def _chapters(self, transcript: Transcript) -> list[dict]:
        size = max(1, -(-len(transcript.segments) // self.chapters))
        chapters = []
        for start in range(0, len(transcript.segments), size):
            group = transcript.segments[start : start + size]
            text = " ".join(segment.text for segment in group)
            title = " / ".join(keywords(text, 2)) or "untitled"
            chapters.append({"title": title, "start": group[0].start, "end": group[-1].end})
        return chapters

    def _cut(self, text: str) -> list[str]:
        # a podcast begins with a jingle, which arrives as an empty first chunk
        return [chunk for chunk in super()._cut(text) if chunk]
