"""Fallback analysis workflow.

When the full crew of agents is not available (quota, deploys, bad days) the bot still has to
answer. This workflow fetches the document, analyses it with the cheap text tools and sends a
short report to the chat. It keeps no state between two calls.
"""

import logging
import re
from typing import Any

from content_bot.analysis.text_tools import keywords, readability, sentiment_score, split_sentences
from content_bot.chat import split_message
from content_bot.errors import FetchError
from content_bot.ingest.fetch import fetch_document
from content_bot.step_result import ErrorCategory, StepResult

DEPTHS = {"quick": 1, "standard": 3, "deep": 5}
MESSAGE_LIMIT = 400
CLAIM = re.compile(r"\b(says|claims|confirm|percent|every)\b")


class FallbackAnalysisOrchestrator:
    """Runs the reduced analysis when the agents are away."""

    #: shown in the footer of every report
    footer = "(fallback analysis)"

    def __init__(self):
        self.logger = logging.getLogger(__name__)

    async def execute_fallback_workflow(
        self,
        interaction: Any,
        content_url: str,
        depth: str = "standard",
        tenant: str = "default",
    ) -> None:
        """Analyse ``content_url`` and send the report to the interaction.

        Nothing is raised for a document that cannot be fetched: the member gets a friendly
        message. An unknown depth is our own mistake and raises ValueError.
        """
        if depth not in DEPTHS:
            raise ValueError(f"unknown depth {depth!r}, use one of {', '.join(sorted(DEPTHS))}")
        await interaction.send(f"Analysing {content_url} ...")
        result = await self.analyse(content_url, depth, tenant=tenant)
        if not result.success:
            self.logger.warning("fallback analysis of %s failed: %s", content_url, result.error)
            await interaction.send(f"Sorry, that did not work: {result.error}")
            return
        for piece in split_message(self._format_report(result.data), MESSAGE_LIMIT):
            await interaction.send(piece)

    async def analyse(self, content_url: str, depth: str = "standard", *, tenant: str = "default") -> StepResult:
        """Fetch and analyse; the result holds summary, keywords, sentiment and claims."""
        try:
            document = await fetch_document(content_url)
        except FetchError as error:
            return StepResult.fail(str(error), ErrorCategory.NETWORK, url=content_url)
        if not document.text.strip():
            return StepResult.fail("the document is empty", ErrorCategory.VALIDATION, url=content_url)

        stages = [self._stage_summary, self._stage_sentiment]
        if DEPTHS.get(depth, 0) >= 3:
            stages.append(self._stage_claims)
        if DEPTHS.get(depth, 0) >= 5:
            stages.append(self._stage_style)

        report: dict[str, Any] = {
            "url": content_url,
            "title": document.title,
            "depth": depth,
            "tenant": tenant,
        }
        failed = []
        for stage in stages:
            try:
                report.update(stage(document, depth))
            except Exception as error:  # one bad stage must not cost the report
                self.logger.warning("stage %s failed: %s", stage.__name__, error)
                failed.append(stage.__name__)
        report["failed_stages"] = failed
        return StepResult.ok(**report)

    async def summarise(self, text: str, limit: int = 3) -> dict[str, Any]:
        """Summary of a bare text, without fetching anything."""
        sentences = self._rank_sentences(text)[:limit]
        return {"summary": sentences, "keywords": keywords(text), "length": len(text)}

    async def can_handle(self, content_url: str) -> bool:
        """Is there any point in trying?"""
        try:
            document = await fetch_document(content_url)
        except FetchError:
            return False
        return bool(document.text)

    # -- stages ---------------------------------------------------------------------------

    def _stage_summary(self, document, depth):
        limit = DEPTHS[depth]
        return {
            "summary": self._rank_sentences(document.text)[:limit],
            "keywords": keywords(document.text, limit + 2),
        }

    def _stage_sentiment(self, document, depth):
        return {"sentiment": round(sentiment_score(document.text), 2)}

    def _stage_claims(self, document, depth):
        claims = [s for s in split_sentences(document.text) if CLAIM.search(s)]
        return {"claims": claims}

    def _stage_style(self, document, depth):
        return {"words_per_sentence": readability(document.text)}

    def _rank_sentences(self, text):
        """Sentences by how many keywords they hold; order of the text decides ties."""
        wanted = set(keywords(text, 8))
        sentences = split_sentences(text)
        scored = []
        for position, sentence in enumerate(sentences):
            hits = sum(word in sentence.lower() for word in wanted)
            scored.append((-hits, position, sentence))
        return [sentence for _, _, sentence in sorted(scored)]

    def _format_report(self, report):
        lines = [f"**{report['title']}**", ""]
        lines += [f"- {sentence}" for sentence in report.get("summary", [])]
        if report.get("keywords"):
            lines.append("Keywords: " + ", ".join(report["keywords"]))
        if "sentiment" in report:
            lines.append(f"Mood: {self._mood(report['sentiment'])}")
        for claim in report.get("claims", []):
            lines.append(f"To check: {claim}")
        if "words_per_sentence" in report:
            lines.append(f"Words per sentence: {report['words_per_sentence']}")
        lines.append(self.footer)
        return "\n".join(lines)

    def _mood(self, score):
        if score > 0.2:
            return "friendly"
        if score < -0.2:
            return "hostile"
        return "mixed"
