"""The agents. Some of them coordinate others, but to the framework they are agents."""

from __future__ import annotations

from content_bot.analysis.text_tools import sentiment_score, split_sentences
from content_bot.registry import create_agent, register_agent
from vendor.thirdparty_agents import Agent, CoordinatorBase


@register_agent("critic")
class CriticOrchestrator:
    """Finds the sentences which are worth a second look."""

    async def act(self, text: str) -> list[str]:
        return [sentence for sentence in split_sentences(text) if sentiment_score(sentence) < 0]


@register_agent("reader")
class Reader:
    async def act(self, text):
        return split_sentences(text)[:1]


class SwarmCoordinator(CoordinatorBase):
    """Longest name takes the task. It has always been that way."""

    def select(self, task):
        return max(self.agents, key=lambda agent: (len(agent.name), agent.name))


def default_swarm() -> SwarmCoordinator:
    return SwarmCoordinator([Agent("counter", len), Agent("shouter", str.upper)])


async def critique(text: str) -> list[str]:
    return await create_agent("critic").act(text)
