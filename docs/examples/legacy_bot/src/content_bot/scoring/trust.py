"""Trust scores for sources, from the analysis of what they publish."""

import functools

from bot_platform.mixins import TimingMixin
from content_bot.analysis.text_tools import readability, sentiment_score
from content_bot.ingest.links import platform_of

BASE = {"article": 0.6, "podcast": 0.5, "video": 0.45, "clip": 0.3}


class TrustScoringOrchestrator(TimingMixin):
    """Workflow: base score of the platform, then corrections by analysis."""

    def __init__(self, weights=None):
        self.weights = {"tone": 0.2, "style": 0.1, **(weights or {})}
        self._overrides = {}

    async def score(self, url, text, *, tenant="default", name=None):
        """Score between 0 and 1."""
        with self.timed("score"):
            key = (tenant, name or url)
            if key in self._overrides:
                return self._overrides[key]
            value = BASE[platform_of(url)]
            value -= abs(sentiment_score(text)) * self.weights["tone"]
            value += self._style_bonus(text)
            return round(min(1.0, max(0.0, value)), 3)

    async def compare(self, first, second):
        """The more trustworthy one of two (url, text) pairs."""
        scores = [await self.score(*pair) for pair in (first, second)]
        return first if scores[0] >= scores[1] else second

    def override(self, name, value, tenant="default"):
        """Set a score by hand; ValueError when it is out of range."""
        if not 0 <= value <= 1:
            raise ValueError(f"{value} is not between 0 and 1")
        self._overrides[(tenant, name)] = value

    def _style_bonus(self, text):
        return self.weights["style"] if readability(text) > 8 else 0.0


@functools.lru_cache(maxsize=None)
def get_trust_scorer():
    return TrustScoringOrchestrator()
