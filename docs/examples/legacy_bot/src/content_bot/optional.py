"""Features which may be missing in small installations."""

from __future__ import annotations

try:
    from content_bot.scoring.trust import TrustScoringOrchestrator
except ImportError:
    TrustScoringOrchestrator = None

try:
    from content_bot_premium.ranking import PremiumRankingOrchestrator
except ImportError:
    PremiumRankingOrchestrator = None


async def score_or_default(url, text, default=0.5):
    if TrustScoringOrchestrator:
        return await TrustScoringOrchestrator().score(url, text)
    return default


def ranking_available():
    if PremiumRankingOrchestrator:
        return True
    return False
