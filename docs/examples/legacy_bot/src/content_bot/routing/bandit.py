"""Choosing a model with a bandit, and learning from feedback."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from content_bot.step_result import ErrorCategory, StepResult


@dataclass
class Arm:
    name: str
    pulls: int = 0
    reward: float = 0.0

    @property
    def mean(self) -> float:
        return self.reward / self.pulls if self.pulls else 0.0


class BanditRoutingOrchestrator:
    """Epsilon-greedy routing between models, one set of arms per tenant."""

    MODELS = ("small", "medium", "large")

    def __init__(self) -> StepResult:
        self.epsilon = 0.1
        self._arms: dict[str, dict[str, Arm]] = {}
        self._random = random.Random(7)
        self._router = None
        self._history: list[tuple[str, str, float]] = []

    async def route(self, context: dict[str, Any], tenant_id: str = "default", name: str | None = None) -> StepResult:
        """Choose an arm for the context; ``name`` forces one."""
        arms = self._arms_of(tenant_id)
        if name is not None:
            if name not in arms:
                return StepResult.fail(f"no model {name!r}", ErrorCategory.VALIDATION)
            return StepResult.ok(model=name, reason="forced")
        if self._router is not None and "url" in context:
            if self._router.route(context["url"]) == "transcribe":
                return StepResult.ok(model="large", reason="routed")
        if self._random.random() < self.epsilon:
            return StepResult.ok(model=self._random.choice(sorted(arms)), reason="explored")
        best = max(arms.values(), key=lambda arm: (arm.mean, arm.name))
        return StepResult.ok(model=best.name, reason="exploited")

    async def submit_feedback(self, operation: str, model: str, reward: float, tenant_id: str = "default") -> None:
        """Reward between 0 and 1, ValueError otherwise."""
        if not 0 <= reward <= 1:
            raise ValueError(f"reward {reward} is not between 0 and 1")
        arm = self._arms_of(tenant_id)[model]
        arm.pulls += 1
        arm.reward += reward
        self._history.append((operation, model, reward))
        if self._router is not None:
            self._router.adjust(model, reward)

    async def run_operation(self, operation: str, *args: Any, context: dict | None = None, **kwargs: Any) -> Any:
        """Generic entry that the console uses: run a method by name."""
        method = getattr(self, f"_operation_{operation}", None)
        if method is None:
            raise LookupError(f"unknown operation {operation}")
        return method(context or {}, *args, **kwargs)

    def statistics(self, tenant: str = "default") -> dict[str, float]:
        return {arm.name: round(arm.mean, 3) for arm in self._arms_of(tenant).values()}

    def _operation_forget(self, context, model, tenant_id="default"):
        self._arms_of(tenant_id)[model] = Arm(model)
        return {"forgotten": model, "by": context.get("user")}

    def _operation_history(self, context, limit=10):
        return self._history[-limit:]

    def _arms_of(self, tenant):
        if tenant not in self._arms:
            self._arms[tenant] = {name: Arm(name) for name in self.MODELS}
        return self._arms[tenant]


_bandit: BanditRoutingOrchestrator | None = None


def get_bandit(auto_create: bool = False) -> BanditRoutingOrchestrator | None:
    global _bandit
    if _bandit is None and auto_create:
        _bandit = BanditRoutingOrchestrator()
    return _bandit


def set_bandit(bandit: BanditRoutingOrchestrator) -> None:
    global _bandit
    _bandit = bandit


def reset_bandit() -> None:
    global _bandit
    _bandit = None
