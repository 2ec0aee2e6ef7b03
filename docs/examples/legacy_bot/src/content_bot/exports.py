"""Old import location of almost everything. Other guilds' plugins still use it."""

from content_bot.analysis import *  # noqa: F403
from content_bot.analysis.debate import *  # noqa: F403
from content_bot.routing.content import ContentOrchestrator as RoutedContent
from bot_platform.content import ContentOrchestrator as StoredContent

__all__ = ["DebateAnalysisOrchestrator", "RoutedContent", "StoredContent", "FallbackAnalysisOrchestrator"]
