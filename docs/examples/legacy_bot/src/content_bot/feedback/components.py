"""The components which learn from feedback."""

from __future__ import annotations

from dataclasses import dataclass, field


class PromptLibrary:
    def __init__(self):
        self.ranks = {"short": 0.0, "friendly": 0.0}

    def learn(self, reward, note):
        if note in self.ranks:
            self.ranks[note] = round(self.ranks[note] + reward, 3)
        return note in self.ranks


@dataclass
class ToolMemory:
    """Which tools worked."""

    scores: dict[str, list[float]] = field(default_factory=dict)

    def learn(self, reward: float, note: str) -> bool:
        self.scores.setdefault(note or "unnamed", []).append(reward)
        return True

    def average(self, tool: str) -> float:
        values = self.scores.get(tool, [])
        return sum(values) / len(values) if values else 0.0


class CacheTuner:
    """Keeps the hit threshold between its limits."""

    def __init__(self, threshold=0.5):
        self.threshold = threshold

    def learn(self, reward, note):
        self.threshold = round(min(0.9, max(0.1, self.threshold + (reward - 0.5) / 10)), 3)
        return True


class AgentTrust:
    def __init__(self):
        self.trust = {}

    def learn(self, reward, note):
        if not note:
            raise ValueError("trust needs the agent's name as note")
        before = self.trust.get(note, 0.5)
        self.trust[note] = round(before * 0.8 + reward * 0.2, 4)
        return True


_prompts = None


def get_prompt_library():
    global _prompts
    if _prompts is None:
        _prompts = PromptLibrary()
    return _prompts
