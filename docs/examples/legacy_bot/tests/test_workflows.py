"""Transcripts, podcasts and digests."""

import asyncio
from datetime import date
from unittest import mock

import pytest

from content_bot.chat import Channel
from content_bot.errors import BotError, FetchError
from content_bot.models import Document, Transcript
from content_bot.workflows import DigestOrchestrator, TranscriptWorkflowOrchestrator, WeeklyDigestOrchestrator
from content_bot.workflows import digest as digest_module
from content_bot.workflows.podcast import PodcastWorkflowOrchestrator
from content_bot.workflows.transcripts import PlainEngine, ShoutingEngine, build_transcript_workflow

INTERVIEW = "https://videos.example/interview"
EPISODE = "https://podcasts.example/episode-7"


class BrokenEngine:
    name = "broken"

    async def transcribe(self, chunk):
        raise OSError("no device")


class CountingEngine:
    name = "counting"

    def __init__(self):
        self.now = self.most = 0

    async def transcribe(self, chunk):
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        return chunk


@pytest.mark.asyncio
async def test_transcript_is_joined_in_order():
    workflow = TranscriptWorkflowOrchestrator(ShoutingEngine(), PlainEngine())
    transcript = await workflow.transcribe(INTERVIEW)
    assert isinstance(transcript, Transcript)
    assert transcript.text.startswith("THE HOST ASKS ABOUT")
    assert transcript.engine == "shouting"
    starts = [segment.start for segment in transcript.segments]
    assert starts == sorted(starts) and starts[0] == 0.0


def test_engines_are_required():
    with pytest.raises(TypeError):
        TranscriptWorkflowOrchestrator()
    with pytest.raises(TypeError):
        TranscriptWorkflowOrchestrator(PlainEngine(), PlainEngine(), 3)
    with pytest.raises(ValueError):
        TranscriptWorkflowOrchestrator(PlainEngine(), PlainEngine(), concurrency=0)


@pytest.mark.asyncio
async def test_fallback_engine_takes_over_per_chunk():
    workflow = TranscriptWorkflowOrchestrator(BrokenEngine(), fallback=PlainEngine())
    transcript = await workflow.transcribe(INTERVIEW)
    assert workflow.fallback_used == len(transcript.segments) > 1


@pytest.mark.asyncio
async def test_concurrency_is_bounded():
    engine = CountingEngine()
    await TranscriptWorkflowOrchestrator(engine, PlainEngine(), concurrency=2).transcribe(INTERVIEW)
    assert engine.most == 2


@pytest.mark.asyncio
async def test_language_mismatch_raises():
    with pytest.raises(BotError, match="is in en, not in fr"):
        await build_transcript_workflow().transcribe(INTERVIEW, language="fr")


@pytest.mark.asyncio
async def test_fetch_errors_pass_through_and_many_leaves_them_out():
    workflow = build_transcript_workflow()
    with pytest.raises(FetchError):
        await workflow.transcribe("https://nowhere.example/")
    finished = await workflow.transcribe_many([INTERVIEW, "https://nowhere.example/", EPISODE])
    assert list(finished) == [INTERVIEW, EPISODE]


@pytest.mark.asyncio
async def test_factory_builds_anew_each_time():
    first, second = build_transcript_workflow(), build_transcript_workflow("shouting", concurrency=7)
    assert first is not second
    assert second.concurrency == 7
    with pytest.raises(KeyError):
        build_transcript_workflow("silent")


@pytest.mark.asyncio
async def test_fetch_of_transcripts_is_patched_in_their_module():
    page = Document("u", "t", "one two three")
    with mock.patch("content_bot.workflows.transcripts.fetch_document", mock.AsyncMock(return_value=page)):
        transcript = await build_transcript_workflow().transcribe("u")
    assert transcript.duration == pytest.approx(1.2)


@pytest.mark.asyncio
async def test_seconds_per_word_is_read_late(monkeypatch):
    monkeypatch.setattr("content_bot.workflows.transcripts.SECONDS_PER_WORD", 2)
    transcript = await build_transcript_workflow().transcribe(EPISODE)
    assert transcript.duration == 2 * len(transcript.text.split())


@pytest.mark.asyncio
async def test_podcast_is_a_transcript_workflow_with_chapters():
    workflow = PodcastWorkflowOrchestrator(PlainEngine(), PlainEngine(), chapters=2)
    assert isinstance(workflow, TranscriptWorkflowOrchestrator)
    assert workflow.concurrency == 4
    episode = await workflow.process_episode(EPISODE)
    assert len(episode["chapters"]) == 2
    assert episode["chapters"][0]["title"] == "network / quiet"
    assert episode["chapters"][-1]["end"] == episode["duration"]
    assert PodcastWorkflowOrchestrator.chunk_words == 8


@pytest.mark.asyncio
async def test_digest_run_returns_lines_and_remembers_them():
    orch = DigestOrchestrator(limit=2)
    assert orch.last_digest is None
    lines = await orch.run(date(2024, 5, 1))
    assert lines == [
        "Digest of 2024-05-01",
        "The long interview: The host asks about the new budget.",
        "Episode 7: quiet networks: Today we talk about quiet networks.",
    ]
    assert orch.last_digest is lines


@pytest.mark.asyncio
async def test_publish_posts_every_line():
    channel = Channel()
    assert await DigestOrchestrator(limit=1).publish(channel) == 2
    assert channel.posts[0] == "Digest of 2024-01-01"


def test_topics_are_synchronous():
    assert DigestOrchestrator().topics(3) == ["guest", "boring", "budget"]
    assert DigestOrchestrator(library={}).topics() == []


@pytest.mark.asyncio
async def test_weekly_uses_its_daily_orchestrator():
    daily = mock.MagicMock(spec=DigestOrchestrator)
    daily.run.return_value = ["line"]
    daily.topics.return_value = ["harbour"]
    weekly = WeeklyDigestOrchestrator(daily, days=3)
    assert await weekly.headline() == "3 days: harbour"
    assert daily.run.await_count == 3
    assert daily.run.await_args_list[-1] == mock.call(date(2024, 1, 3))


def test_weekly_needs_a_daily():
    with pytest.raises(TypeError):
        WeeklyDigestOrchestrator()


def test_main_prints_the_daily_digest(capsys):
    assert digest_module.main(["--limit", "1"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Digest of 2024-01-01",
        "The long interview: The host asks about the new budget.",
    ]


def test_main_prints_the_weekly_headline(capsys):
    assert digest_module.main(["--days", "2"]) == 0
    assert capsys.readouterr().out == "2 days: guest, boring\n"


def test_main_uses_the_class_of_its_module(capsys):
    fake = mock.MagicMock()
    fake.return_value.run = mock.AsyncMock(return_value=["faked"])
    with mock.patch("content_bot.workflows.digest.DigestOrchestrator", fake):
        digest_module.main([])
    assert capsys.readouterr().out == "faked\n"
    fake.assert_called_once_with(limit=3)
