"""Slash commands."""

import logging

from bot_platform.lifecycle import tracked
from bot_platform.security import SecurityOrchestrator
from content_bot.analysis.fallback_analysis_orchestrator import FallbackAnalysisOrchestrator
from content_bot.analysis.claims import get_claim_checker
from content_bot.errors import AccessDenied, FetchError
from content_bot.ingest.links import extract_links
from content_bot.ingest.pipeline import get_orchestrator
from content_bot.models import Outcome

logger = logging.getLogger(__name__)

HELP = """\
/analyse <url> [depth]   report on one link
/check <text>            claims of a text
/ingest <links>          remember links
"""


@tracked("commands")
async def analyse(interaction, content_url, depth="standard"):
    orch = FallbackAnalysisOrchestrator()
    if not await orch.can_handle(content_url):
        await interaction.send("I do not know that page.")
        return False
    await orch.execute_fallback_workflow(interaction, content_url, depth=depth)
    return True


@tracked("commands")
async def compare(interaction, first, second):
    """Analyse two links and tell which one has the better mood."""
    orch = FallbackAnalysisOrchestrator()
    left = await orch.analyse(first, "quick")
    right = await orch.analyse(content_url=second, depth="quick")
    if not (left.success and right.success):
        await interaction.send("One of the two could not be read.")
        return None
    better = first if left["sentiment"] >= right["sentiment"] else second
    await interaction.send(f"Friendlier: {better}")
    return better


async def check(interaction, text):
    checker = get_claim_checker("normal")
    async for claim, verdict in checker.run_stream(text, skip_unknown=True):
        await interaction.send(f"{verdict.value}: {claim}")
    return await checker.is_trustworthy(text)


async def ingest(interaction, message):
    pipeline = get_orchestrator()
    report = await pipeline.ingest_message(message)
    await interaction.send(f"{len(report.accepted)} of {report.total} links are new")
    return report


async def ingest_first(interaction, message):
    """Exceptions tell the story here: no link, no document, or fine."""
    try:
        url = extract_links(message)[0]
        outcome = await get_orchestrator().ingest(url)
    except IndexError:
        await interaction.send("There is no link in that message.")
        return None
    except FetchError as error:
        await interaction.send(f"Could not fetch it ({error.reason}).")
        return None
    if outcome is Outcome.DUPLICATE:
        await interaction.send("I had that one.")
    return outcome


async def ban(interaction, member):
    security = SecurityOrchestrator()
    try:
        await security.authorize(interaction.user, "ban")
    except AccessDenied:
        await interaction.send("You may not do that.")
        return False
    await interaction.send(f"{member} is gone.")
    return True


async def ship(interaction, version):
    """Deploy a version of the bot, and take it back when that did not get it live."""
    from bot_platform.deployment import Stage, deployment_orchestrator

    stage = await deployment_orchestrator.deploy(version)
    if stage is not Stage.LIVE:
        stage = await deployment_orchestrator.rollback()
    await interaction.send(f"{version} is {stage.value}.")
    return stage
