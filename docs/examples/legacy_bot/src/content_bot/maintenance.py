"""Things that moderators run by hand. Everything here is synchronous, and so are its callers."""

import logging

from bot_platform.deployment import deployment_orchestrator
from content_bot.analysis.debate import DebateAnalysisOrchestrator
from content_bot.feedback import get_orchestrator as get_feedback
from content_bot.ingest.pipeline import get_orchestrator as get_pipeline

logger = logging.getLogger(__name__)


def count_waiting():
    feedback = get_feedback()
    return sum(feedback.queue_sizes().values()) if feedback else 0


def status_line():
    return f"{count_waiting()} signals waiting, {deployment_orchestrator.status()['stage']}"


def status_page():
    """Calls status_line(), which calls count_waiting()."""
    return "\n".join(["== status ==", status_line(), f"topics: {', '.join(known_topics('budget'))}"])


def known_topics(word):
    return [word] if get_pipeline().search(word) else []


def record_vote(tool, good):
    feedback = get_feedback()
    if feedback is None:
        return False
    return feedback.submit_tool_feedback(tool, 1.0 if good else 0.0)


def explain_debate(lines):
    """Never raises; a debate that is too short is explained as such."""
    debate = DebateAnalysisOrchestrator.from_lines(lines)
    try:
        return debate.summary()
    except ValueError as error:
        return {"error": str(error)}


def fallback_footer():
    """The footer of reports, or a default when analysis is not installed."""
    try:
        from content_bot.analysis.fallback_analysis_orchestrator import FallbackAnalysisOrchestrator
    except ImportError:
        return "(no analysis)"
    return FallbackAnalysisOrchestrator.footer


def try_depth(depth):
    """True when the depth is known. Goes through the private table of stages on purpose."""
    try:
        from content_bot.analysis.fallback_analysis_orchestrator import DEPTHS, FallbackAnalysisOrchestrator

        FallbackAnalysisOrchestrator()._mood(DEPTHS[depth])
    except (ImportError, KeyError):
        return False
    return True
