"""Commands, bot, jobs, HTTP, console: everything that uses the orchestrators."""

import asyncio
import runpy
from unittest import mock

import pytest

from bot_platform.security import Role, SecurityOrchestrator
from content_bot import commands, http_api, jobs, maintenance, notify, plugins, reports
from content_bot.analysis.fallback_analysis_orchestrator import FallbackAnalysisOrchestrator
from content_bot.bot import ContentBot, load_premium, run_once
from content_bot.chat import Channel
from content_bot.config import Settings, load_settings
from content_bot.factories import create_podcast_workflow
from content_bot.feedback import UnifiedFeedbackOrchestrator
from content_bot.models import Outcome
from content_bot.monitoring.alerts import initialize_alerts

INTERVIEW = "https://videos.example/interview"
EPISODE = "https://podcasts.example/episode-7"
HARBOUR = "https://news.example/harbour"


@pytest.fixture
def analysis():
    fake = mock.MagicMock(spec=FallbackAnalysisOrchestrator)
    fake.can_handle.return_value = True
    return fake


@pytest.mark.asyncio
async def test_analyse_command(interaction):
    assert await commands.analyse(interaction, HARBOUR, "quick") is True
    assert interaction.sent[-1].startswith("**Harbour reopens**")
    assert await commands.analyse(interaction, "https://nowhere.example/") is False


@pytest.mark.asyncio
async def test_analyse_command_with_the_class_patched_where_it_is_used(interaction, analysis):
    with mock.patch("content_bot.commands.FallbackAnalysisOrchestrator", return_value=analysis):
        await commands.analyse(interaction, HARBOUR)
    analysis.execute_fallback_workflow.assert_awaited_once_with(interaction, HARBOUR, depth="standard")


@pytest.mark.asyncio
async def test_method_patched_on_the_class(interaction):
    target = "content_bot.analysis.fallback_analysis_orchestrator.FallbackAnalysisOrchestrator.can_handle"
    with mock.patch(target, return_value=False) as can_handle:
        assert await commands.analyse(interaction, HARBOUR) is False
    can_handle.assert_awaited_once_with(HARBOUR)


@pytest.mark.asyncio
async def test_compare_command(interaction):
    assert await commands.compare(interaction, INTERVIEW, HARBOUR) == HARBOUR
    assert await commands.compare(interaction, INTERVIEW, "https://nowhere.example/") is None


@pytest.mark.asyncio
async def test_check_command(interaction):
    assert await commands.check(interaction, "Nothing is known about that.") is True
    assert interaction.sent == []


@pytest.mark.asyncio
async def test_ingest_commands(interaction):
    report = await commands.ingest(interaction, f"{HARBOUR} {INTERVIEW}")
    assert interaction.sent == ["2 of 2 links are new"]
    assert report.total == 2
    assert await commands.ingest_first(interaction, HARBOUR) is Outcome.DUPLICATE
    assert await commands.ingest_first(interaction, "no link") is None
    assert await commands.ingest_first(interaction, "https://nowhere.example/") is None
    assert interaction.sent[-1] == "Could not fetch it (not in the library)."


@pytest.mark.asyncio
async def test_pipeline_patched_at_the_importing_module(interaction):
    pipeline = mock.Mock()
    pipeline.ingest = mock.AsyncMock(return_value=Outcome.ACCEPTED)
    with mock.patch("content_bot.commands.get_orchestrator", return_value=pipeline):
        assert await commands.ingest_first(interaction, HARBOUR) is Outcome.ACCEPTED
    pipeline.ingest.assert_awaited_once_with(HARBOUR)


@pytest.mark.asyncio
async def test_ban_command(interaction):
    assert await commands.ban(interaction, "troll") is False
    SecurityOrchestrator().grant("tester", Role.OWNER)
    assert await commands.ban(interaction, "troll") is True


@pytest.mark.asyncio
async def test_bot_from_start_to_stop(interaction, eventually):
    bot = ContentBot()
    await bot.start()
    assert await bot.on_message(f"{HARBOUR} and https://nowhere.example/", interaction) == 1
    assert interaction.sent[-1].startswith("**Harbour reopens**")
    await eventually(lambda: bot.channels.delivered["analyse"] == [HARBOUR])
    await eventually(lambda: bot.monitoring.report())
    assert bot.feedback.get_metrics().submitted == 2
    await bot.stop()
    assert bot.log_channel.posts == ["[WARNING] ingest: https://nowhere.example/: " + str_of_failure()]


def str_of_failure():
    return "cannot fetch https://nowhere.example/: not in the library"


@pytest.mark.asyncio
async def test_bot_takes_its_collaborators(interaction, analysis):
    feedback = UnifiedFeedbackOrchestrator()
    bot = ContentBot(feedback=feedback, make_analysis=lambda: analysis)
    assert bot.feedback is feedback
    await bot.start()
    await bot.on_message(HARBOUR, interaction)
    await bot.stop()
    analysis.execute_fallback_workflow.assert_awaited_once_with(interaction, HARBOUR, "quick")


@pytest.mark.asyncio
async def test_bot_digests():
    bot, channel = ContentBot(), Channel()
    assert await bot.morning(channel) == 3
    await bot.monday(channel)
    assert channel.posts[-1] == "7 days: guest, boring"
    assert bot.links_of(f"see {HARBOUR}.") == [HARBOUR]


def test_run_once_leaves_nothing_behind():
    assert asyncio.run(run_once(f"{EPISODE}")) == 1


def test_premium_falls_back_to_a_dummy():
    assert load_premium().available is False


@pytest.mark.asyncio
async def test_http_trust_and_analyse():
    answer = await http_api.app.call("/trust", url=HARBOUR, text="Ferries run.")
    assert answer == {"url": HARBOUR, "score": 0.6}
    page = await http_api.app.call("/analyse", url=HARBOUR)
    assert page["depth"] == "quick"
    missing = await http_api.app.call("/analyse", url="https://nowhere.example/")
    assert missing["error"].startswith("cannot fetch")


@pytest.mark.asyncio
async def test_http_submit_uses_the_async_accessor():
    assert await http_api.app.call("/submit", url=EPISODE) == {"channel": "transcribe"}
    coordinator = await http_api.get_coordinator()
    await coordinator.shutdown()
    assert coordinator.delivered["transcribe"] == [EPISODE]


@pytest.mark.asyncio
async def test_http_keywords():
    assert await http_api.app.call("/keywords", text="ferry ferry boat") == ["ferry", "boat"]


@pytest.mark.asyncio
async def test_nightly_job():
    night = jobs.NightlyAnalysis([INTERVIEW, HARBOUR])
    first, second = await night.run()
    assert (first["depth"], second["depth"]) == ("standard", "deep")
    assert [r["title"] for r in await night.run_in_background()] == ["The long interview", "Harbour reopens"]
    assert len(await night.announce()) == 4
    assert night.telemetry is jobs.JobBase.telemetry
    assert night.telemetry.totals()["job"] >= 2


@pytest.mark.asyncio
async def test_feedback_job_returns_the_metrics_dict():
    answer = await jobs.feedback_round({"search": 1.0, "browse": 0.0})
    assert answer["processed"] == 2
    assert answer["by_component"] == {"tool": 2}


@pytest.mark.asyncio
async def test_transcribe_job():
    assert await jobs.transcribe_all([INTERVIEW]) > 10
    with mock.patch("content_bot.jobs.build_transcript_workflow") as build:
        build.return_value.transcribe_many = mock.AsyncMock(return_value={})
        assert await jobs.transcribe_all([INTERVIEW]) == 0
    build.assert_called_once_with("shouting", concurrency=1)


def test_status_page_is_synchronous():
    assert maintenance.status_page() == "== status ==\n0 signals waiting, idle\ntopics: "
    assert maintenance.record_vote("search", True) is False
    UnifiedFeedbackOrchestrator()
    assert maintenance.record_vote("search", True) is True
    assert maintenance.status_line() == "1 signals waiting, idle"


def test_maintenance_survives_errors():
    assert maintenance.explain_debate(["a: b"]) == {"error": "a debate needs two turns at least"}
    assert maintenance.explain_debate(["a: b", "c: d"])["turns"] == 2
    assert maintenance.fallback_footer() == "(fallback analysis)"
    assert maintenance.try_depth("deep") is True
    assert maintenance.try_depth("none") is False


def test_import_inside_a_function_sees_a_patched_class():
    fake = mock.Mock(footer="(faked)")
    with mock.patch("content_bot.analysis.fallback_analysis_orchestrator.FallbackAnalysisOrchestrator", fake):
        assert maintenance.fallback_footer() == "(faked)"


def test_configured_commands_are_the_classes():
    found = plugins.configured_commands()
    assert found["analyse"] is FallbackAnalysisOrchestrator
    assert found["debate"].__name__ == "DebateAnalysisOrchestrator"
    assert isinstance(plugins.built_in("fallback"), FallbackAnalysisOrchestrator)
    assert plugins.built_in("trust").weights["tone"] == 0.2
    assert plugins.load_claims_module().Verdict.UNKNOWN.value == "unknown"
    with pytest.raises(AttributeError):
        plugins.load_object("content_bot.analysis:NothingOrchestrator")


def test_settings(tmp_path):
    assert load_settings().name == "harbour-bot"
    assert load_settings(tmp_path / "missing.toml") == Settings()


@pytest.mark.asyncio
async def test_reports():
    rows = await reports.analysis_table(FallbackAnalysisOrchestrator(), [HARBOUR, "https://nowhere.example/"])
    assert rows == [("Harbour reopens", 1.0)]
    assert await reports.episode_line(create_podcast_workflow(), EPISODE) == "2 chapters in 11 s"


@pytest.mark.asyncio
async def test_package_hides_the_module_of_the_same_name():
    assert not hasattr(notify, "mute_everything")
    sink = mock.AsyncMock()
    coordinator = initialize_alerts(sink, interval=60)
    assert await notify.notify_members("hello") is True
    assert await coordinator.deliver() == 1
    coordinator.close()


def test_console_module(capsys):
    with mock.patch("sys.argv", ["content_bot", HARBOUR, "--depth", "quick"]):
        runpy.run_module("content_bot", run_name="__main__")
    out = capsys.readouterr().out
    assert out.startswith("Digest of 2024-01-01\n")
    assert "**Harbour reopens**" in out
