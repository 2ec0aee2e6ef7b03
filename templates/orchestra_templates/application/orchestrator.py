"""Coordination across components: signals wait in queues and are passed on."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Literal, overload

from orchestra import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    background,
    lazy,
    operation,
)

# region if dependency
if TYPE_CHECKING:
    from orchestra_templates.example_dependency import ExampleDependency
# endregion


class ExampleOrchestrator(BaseOrchestrator):
    """Say here which components it brings together."""

    # region each dependency
    example_dependency: lazy[ExampleDependency] = lazy(
        "orchestra_templates.example_dependency:get_example_dependency",
    )
    # endregion

    def __init__(
        self,
        # region if dependency
        *,
        # endregion
        # region each dependency
        example_dependency: ExampleDependency | None = None,
        # endregion
    ) -> None:
        super().__init__(
            layer=OrchestrationLayer.APPLICATION,
            name="example_name",
            orchestration_type=OrchestrationType.COORDINATION,
        )
        # region each dependency
        self.example_dependency = example_dependency
        # endregion
        # region if submit_signal get_metrics process_signals
        self._queues: dict[str, deque[object]] = {"a": deque(), "b": deque()}
        self._processed = 0
        # endregion

    # region if submit_signal
    @operation(default=True)
    def submit_signal(self, component: str, data: object) -> dict[str, bool]:
        """Put a signal into the queue of a component; ValueError for an unknown one."""
        if component not in self._queues:
            known = ", ".join(self._queues)
            raise ValueError(f"there is no component {component!r}, only {known}")
        self._queues[component].append(data)
        return {"queued": True}

    # endregion
    # region if get_metrics
    @operation(safe_to_verify=True)
    def get_metrics(self) -> dict[str, int]:
        """Return how many signals wait, in all and by component, and how many left."""
        waiting = {f"queue_{name}": len(queue) for name, queue in self._queues.items()}
        signals = sum(waiting.values())
        return {"signals": signals, **waiting, "processed": self._processed}

    # endregion
    # region if start
    @operation
    def start(self) -> dict[str, str]:
        """Start the background tasks now, or when a loop runs the first operation."""
        self.runtime.start()
        return {"status": "started"}

    # endregion
    # region if stop
    @operation
    async def stop(self) -> dict[str, str]:
        """Stop the background tasks; what still waits is kept for the next start."""
        await self.runtime.stop()
        return {"status": "stopped"}

    # endregion
    # region all durable distribute
    @operation(durable=True)
    async def distribute(self, subject: str) -> dict[str, str]:
        """Let each component work on a subject; what one has done is never redone."""
        done: dict[str, str] = {}
        for one in ("a", "b"):
            done[one] = await self.runtime.step(one, self._work, one, subject)
        return done

    async def _work(self, component: str, subject: str) -> str:
        """Say here what a component does; what it returns is kept as JSON."""
        return f"{subject} by {component}"

    # endregion
    # region each operation
    @operation
    async def example_operation(self, subject: str) -> dict[str, str]:
        """Say here what the operation does with its subject."""
        # region if durable
        subject = await self.runtime.step("step", self._step_of_example_operation, subject)
        # endregion
        return {
            "operation": "example_operation",
            "subject": subject,
        }

    # region if durable
    async def _step_of_example_operation(self, subject: str) -> str:
        """Do here what must not be done twice; what it returns is kept as JSON."""
        return subject

    # endregion
    # endregion
    # region if process_signals
    @background(interval=1, grace=5)
    async def process_signals(self) -> None:
        """Pass on all signals that wait, oldest first."""
        for component, queue in self._queues.items():
            while queue:
                await self._process_signal(component, queue.popleft())

    async def _process_signal(self, component: str, data: object) -> None:
        self._processed += 1
        kind = type(data).__name__
        self.logger.info("signal_processed", component=component, kind=kind)

    # endregion
    # region each background
    @background(interval=60, grace=5)
    async def example_background(self) -> None:
        """Say here what is done again and again."""

    # endregion


_orchestrator: ExampleOrchestrator | None = None


@overload
def get_orchestrator(auto_create: Literal[True]) -> ExampleOrchestrator: ...


@overload
def get_orchestrator(
    auto_create: bool = False,
) -> ExampleOrchestrator | None: ...


def get_orchestrator(
    auto_create: bool = False,
) -> ExampleOrchestrator | None:
    """Return the instance of this process; ``auto_create`` makes one where none is."""
    global _orchestrator
    if _orchestrator is None and auto_create:
        _orchestrator = ExampleOrchestrator()
    return _orchestrator


def set_orchestrator(orchestrator: ExampleOrchestrator | None) -> None:
    """Set the instance of this process; None forgets it."""
    global _orchestrator
    _orchestrator = orchestrator
