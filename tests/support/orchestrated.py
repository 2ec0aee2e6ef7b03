"""A small project with orchestrators that behave in every way that matters to the command line."""

from __future__ import annotations

from pathlib import Path

GREETING = """\
import asyncio
import os
import time
from enum import Enum

from orchestrators import BaseOrchestrator, OrchestrationLayer, OrchestrationType, operation


class Tone(Enum):
    FRIENDLY = "friendly"
    CURT = "curt"


class GreetingOrchestrator(BaseOrchestrator):
    def __init__(self):
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="greeting",
            orchestration_type=OrchestrationType.BUSINESS_LOGIC,
        )

    @operation
    async def greet(self, who: str, times: int = 1, tone: Tone = Tone.FRIENDLY, loud=False):
        print("said by user code")
        return {"text": f"hello {who}" * times, "tone": tone, "loud": loud}

    @operation
    async def fail(self):
        raise ConnectionError("the line is dead")

    @operation
    async def wait(self, seconds: float, marker: str):
        try:
            open(marker, "w").close()
            await asyncio.sleep(seconds)
        finally:
            os.rename(marker, marker + ".cleaned")

    @operation
    def block(self, seconds: float):
        time.sleep(seconds)

    @operation
    def leave(self):
        os._exit(3)

    @operation(name="context")
    async def _context(self):
        from orchestrators import OrchestrationContext

        context = OrchestrationContext.current()
        return [context.tenant_id, context.request_id, context.metadata, context.idempotency_key]

    def not_an_operation(self): ...
"""

PATROL = """\
from orchestrators.domain.greeting import GreetingOrchestrator
from orchestrators import OrchestrationLayer, OrchestrationType, operation


class PatrolOrchestrator(GreetingOrchestrator):
    def __init__(self, rounds):
        super().__init__()
        self.runtime.identify(OrchestrationLayer.INFRASTRUCTURE, "patrol", OrchestrationType.MONITORING)
        self.rounds = rounds

    @operation
    def count(self) -> int:
        return self.rounds


_patrol = None


def get_patrol():
    global _patrol
    if _patrol is None:
        _patrol = PatrolOrchestrator(3)
    return _patrol
"""

WIRING = """
    facade.register_factory("greeting", _greeting)
    facade.register_factory("patrol", _patrol)


def _greeting() -> object:
    from orchestrators.domain.greeting import GreetingOrchestrator

    return GreetingOrchestrator()


def _patrol() -> object:
    from orchestrators.infrastructure.patrol import get_patrol

    return get_patrol()
"""


def write_orchestrators(project: Path) -> None:
    """Add two orchestrators to a project in which `orchestra init` was run."""
    package = project / "orchestrators"
    (package / "domain" / "greeting.py").write_text(GREETING)
    (package / "infrastructure" / "patrol.py").write_text(PATROL)
    wiring = package / "orchestrators.py"
    wiring.write_text(wiring.read_text().rstrip("\n") + WIRING)
