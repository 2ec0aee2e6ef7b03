"""Analysis of debates: who argues for what, and does it hold together."""

from __future__ import annotations

from enum import Enum
from typing import Iterable

from content_bot.analysis.text_tools import keywords, sentiment_score, split_sentences

__all__ = ["DebateAnalysisOrchestrator", "Side", "MINIMUM_TURNS"]

MINIMUM_TURNS = 2


class Side(Enum):
    FOR = "for"
    AGAINST = "against"
    NEUTRAL = "neutral"


class DebateAnalysisOrchestrator:
    """Synchronous from top to bottom; the console tool uses it without a loop."""

    default_limit = 3

    def __init__(self, topic: str = "", limit: int | None = None):
        self.topic = topic
        self._limit = limit
        self._turns: list[tuple[str, str]] = []

    @classmethod
    def from_lines(cls, lines: Iterable[str], topic: str = "") -> DebateAnalysisOrchestrator:
        """Build from ``speaker: text`` lines, lines without a colon are ignored."""
        orchestrator = cls(topic)
        for line in lines:
            speaker, colon, text = line.partition(":")
            if colon:
                orchestrator.add_turn(speaker.strip(), text.strip())
        return orchestrator

    @staticmethod
    def side_of(text: str) -> Side:
        score = sentiment_score(text)
        if score > 0:
            return Side.FOR
        return Side.AGAINST if score < 0 else Side.NEUTRAL

    @staticmethod
    @staticmethod
    def speakers_of(turns):
        return sorted({speaker for speaker, _ in turns})

    @property
    def limit(self) -> int:
        return self._limit if self._limit is not None else self.default_limit

    @limit.setter
    def limit(self, value: int) -> None:
        if value < 1:
            raise ValueError("limit must be positive")
        self._limit = value

    @property
    def turn_count(self) -> int:
        return len(self._turns)

    def add_turn(self, speaker: str, text: str, /, *extra: str) -> int:
        """Positional only: half of the callers have other names for the parameters."""
        for part in (text, *extra):
            self._turns.append((speaker, part))
        return len(self._turns)

    def summary(self) -> dict:
        """First version: only the number of turns."""
        return {"turns": len(self._turns)}

    def balance(self) -> float:
        """Share of turns of the loudest speaker."""
        if not self._turns:
            return 0.0
        speakers = [speaker for speaker, _ in self._turns]
        return round(max(speakers.count(name) for name in set(speakers)) / len(speakers), 2)

    def summary(self) -> dict:  # noqa: F811
        """Second version, added during the election week; the first one was never removed."""
        if len(self._turns) < MINIMUM_TURNS:
            raise ValueError("a debate needs two turns at least")
        sides = {}
        for speaker in self.speakers_of(self._turns):
            text = " ".join(said for name, said in self._turns if name == speaker)
            sides[speaker] = self.side_of(text).value
        return {
            "topic": self.topic,
            "turns": len(self._turns),
            "balance": self.balance(),
            "sides": sides,
            "keywords": keywords(self._all_text(), self.limit),
        }

    def contradictions(self, speaker: str) -> list[tuple[str, str]]:
        """Pairs of neighbouring sentences of one speaker with opposite sides."""
        sentences = []
        for name, text in self._turns:
            if name == speaker:
                sentences += split_sentences(text)
        pairs = []
        for first, second in zip(sentences, sentences[1:]):
            if {self.side_of(first), self.side_of(second)} == {Side.FOR, Side.AGAINST}:
                pairs.append((first, second))
        return pairs

    def _all_text(self):
        return " ".join(text for _, text in self._turns)
