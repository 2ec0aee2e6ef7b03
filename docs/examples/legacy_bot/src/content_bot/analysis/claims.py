"""Checking of claims against a small evidence base."""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import Any, AsyncIterator, Awaitable, Callable, TypeVar

from content_bot.analysis.text_tools import split_sentences, words
from content_bot.metrics import MetricsRegistry
from content_bot.retry import retry

T = TypeVar("T")

CHECK_METRICS = MetricsRegistry("claims")
STRICTNESS = {"loose": 0.2, "normal": 0.4, "strict": 0.7}


class Verdict(Enum):
    SUPPORTED = "supported"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"


class EvidenceBase:
    """Sentences known to be true or false."""

    def __init__(self, facts: dict[str, bool] | None = None) -> None:
        self.facts = dict(facts or {})

    async def lookup(self, claim: str) -> tuple[float, bool] | None:
        wanted = set(words(claim))
        best = None
        for fact, holds in self.facts.items():
            known = set(words(fact))
            overlap = len(wanted & known) / len(wanted | known) if wanted | known else 0.0
            if best is None or overlap > best[0]:
                best = (overlap, holds)
        return best


class ClaimCheckOrchestrator:
    """Checks claims, one by one or all claims of a text."""

    def __init__(self, evidence: EvidenceBase | None = None, strictness: str = "normal") -> None:
        self.evidence = evidence or EvidenceBase()
        self.threshold = STRICTNESS[strictness]

    @retry(attempts=3, on=(ConnectionError,))
    async def check(self, claim: str, **options: Any) -> Verdict:
        """Verdict on one claim. ConnectionError of the evidence base is tried three times."""
        CHECK_METRICS.increment("checked")
        found = await self.evidence.lookup(claim)
        threshold = options.get("threshold", self.threshold)
        if found is None or found[0] < threshold:
            return Verdict.UNKNOWN
        return Verdict.SUPPORTED if found[1] else Verdict.DISPUTED

    async def is_trustworthy(self, text: str) -> bool:
        """False as soon as a single claim is disputed."""
        verdicts = await self.check_all(*split_sentences(text))
        return Verdict.DISPUTED not in verdicts.values()

    async def check_all(self, *claims: str) -> dict[str, Verdict]:
        """All claims at once; the answer keeps their order."""
        tasks = [asyncio.create_task(self.check(claim)) for claim in claims]
        verdicts = await asyncio.gather(*tasks)
        return dict(zip(claims, verdicts))

    async def run_stream(self, text: str, *, skip_unknown: bool = False) -> AsyncIterator[tuple[str, Verdict]]:
        """Yield (claim, verdict) while the text is being read."""
        for sentence in split_sentences(text):
            verdict = await self.check(sentence)
            if skip_unknown and verdict is Verdict.UNKNOWN:
                continue
            yield sentence, verdict

    async def with_evidence(self, evidence: EvidenceBase, func: Callable[..., Awaitable[T]], *args: Any) -> T:
        """Run ``func`` while another evidence base is in place, and hand back what it returned."""
        before, self.evidence = self.evidence, evidence
        try:
            return await func(*args)
        finally:
            self.evidence = before


_checkers: dict[str, ClaimCheckOrchestrator] = {}


def get_claim_checker(strictness: str = "normal", evidence: EvidenceBase | None = None) -> ClaimCheckOrchestrator:
    """One checker per strictness."""
    if strictness not in _checkers:
        _checkers[strictness] = ClaimCheckOrchestrator(evidence, strictness)
    return _checkers[strictness]
