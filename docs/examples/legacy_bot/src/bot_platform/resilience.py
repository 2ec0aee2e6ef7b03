"""Circuit breakers, retries and health of the services that the bot depends on."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Awaitable, Callable, TypeVar

from content_bot.errors import CircuitOpen

logger = logging.getLogger(__name__)

T = TypeVar("T")

DEFAULT_THRESHOLD = 3
DEFAULT_RESET = 30.0


class CircuitState(Enum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass
class Circuit:
    service: str
    state: CircuitState = CircuitState.CLOSED
    failures: int = 0
    opened_at: float = 0.0
    recent: deque[bool] = field(default_factory=lambda: deque(maxlen=20))

    @property
    def success_rate(self) -> float:
        return sum(self.recent) / len(self.recent) if self.recent else 1.0


@dataclass
class HealthSummary:
    healthy: list[str] = field(default_factory=list)
    unhealthy: list[str] = field(default_factory=list)
    checks: int = 0

    @property
    def ok(self) -> bool:
        return not self.unhealthy


class ResilienceOrchestrator:
    """Runs calls through circuit breakers, and checks the health of services for ever."""

    def __init__(
        self,
        failure_threshold: int = DEFAULT_THRESHOLD,
        reset_after: float = DEFAULT_RESET,
        health_interval: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.failure_threshold = failure_threshold
        self.reset_after = reset_after
        self.health_interval = health_interval
        self._clock = clock
        self._circuits: dict[str, Circuit] = {}
        self._fallbacks: dict[str, Callable[..., Awaitable[Any]]] = {}
        self._checks: dict[str, Callable[[], Awaitable[bool]]] = {}
        self._health: dict[str, bool] = {}
        self._health_rounds = 0
        asyncio.create_task(self._health_loop())

    # ------------------------------------------------------------------ set-up

    def register_fallback(self, service: str, fallback: Callable[..., Awaitable[Any]]) -> None:
        self._fallbacks[service] = fallback

    def register_health_check(self, service: str, check: Callable[[], Awaitable[bool]]) -> None:
        self._checks[service] = check

    # ------------------------------------------------------------------ calls

    async def execute_with_resilience(
        self, service: str, func: Callable[..., Awaitable[T]], *args: Any, retries: int = 0, **kwargs: Any
    ) -> T:
        """Call ``func`` and return its value.

        Raises what ``func`` raised when the retries are used up and there is no fallback, and
        CircuitOpen without calling it while the circuit of the service is open.
        """
        circuit = self._circuit(service)
        if not self._may_pass(circuit):
            if service in self._fallbacks:
                return await self._fallbacks[service](*args, **kwargs)
            raise CircuitOpen(service)

        attempt = 0
        while True:
            try:
                value = await func(*args, **kwargs)
            except Exception as error:
                self._record_failure(circuit, error)
                attempt += 1
                if attempt <= retries and circuit.state is not CircuitState.OPEN:
                    continue
                if service in self._fallbacks:
                    return await self._fallbacks[service](*args, **kwargs)
                raise
            self._record_success(circuit)
            return value

    async def race(self, services: dict[str, Callable[[], Awaitable[T]]]) -> T:
        """First answer wins, the others are cancelled."""
        tasks = [asyncio.create_task(self.execute_with_resilience(name, func)) for name, func in services.items()]
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        return next(iter(done)).result()

    # ------------------------------------------------------------------ health

    async def check_health(self) -> HealthSummary:
        """Run every health check now."""
        for service, check in list(self._checks.items()):
            try:
                self._health[service] = bool(await check())
            except Exception as error:
                logger.warning("health check of %s raised %s", service, error)
                self._health[service] = False
        self._health_rounds += 1
        return self.get_health_summary()

    def get_health_summary(self) -> HealthSummary:
        summary = HealthSummary(checks=self._health_rounds)
        for service, healthy in sorted(self._health.items()):
            (summary.healthy if healthy else summary.unhealthy).append(service)
        return summary

    def circuit_state(self, service: str) -> CircuitState:
        return self._circuit(service).state

    def success_rate(self, service: str) -> float:
        return self._circuit(service).success_rate

    def reset(self, service: str | None = None) -> int:
        """Close one circuit or all; returns how many were not closed."""
        targets = [self._circuit(service)] if service else list(self._circuits.values())
        changed = 0
        for circuit in targets:
            changed += circuit.state is not CircuitState.CLOSED
            circuit.state = CircuitState.CLOSED
            circuit.failures = 0
        return changed

    # ------------------------------------------------------------------ inside

    async def _health_loop(self) -> None:
        while True:
            await self.check_health()
            await asyncio.sleep(self.health_interval)

    def _circuit(self, service: str) -> Circuit:
        if service not in self._circuits:
            self._circuits[service] = Circuit(service)
        return self._circuits[service]

    def _may_pass(self, circuit: Circuit) -> bool:
        if circuit.state is CircuitState.OPEN and self._clock() - circuit.opened_at >= self.reset_after:
            circuit.state = CircuitState.HALF_OPEN
        return circuit.state is not CircuitState.OPEN

    def _record_failure(self, circuit: Circuit, error: Exception) -> None:
        circuit.recent.append(False)
        circuit.failures += 1
        if circuit.state is CircuitState.HALF_OPEN or circuit.failures >= self.failure_threshold:
            logger.error("circuit of %s opened: %s", circuit.service, error)
            circuit.state = CircuitState.OPEN
            circuit.opened_at = self._clock()

    def _record_success(self, circuit: Circuit) -> None:
        circuit.recent.append(True)
        circuit.failures = 0
        circuit.state = CircuitState.CLOSED


_resilience_orchestrator: ResilienceOrchestrator | None = None


def get_resilience_orchestrator() -> ResilienceOrchestrator:
    """The one of the process. The first call needs a running loop."""
    global _resilience_orchestrator
    if _resilience_orchestrator is None:
        _resilience_orchestrator = ResilienceOrchestrator()
    return _resilience_orchestrator
