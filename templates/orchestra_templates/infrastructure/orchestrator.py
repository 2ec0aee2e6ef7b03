"""A concern of operation: it runs in the background, and stops when it is told to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

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
    """Say here what it watches over."""

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
            layer=OrchestrationLayer.INFRASTRUCTURE,
            name="example_name",
            orchestration_type=OrchestrationType.MONITORING,
        )
        # region each dependency
        self.example_dependency = example_dependency
        # endregion
        # region if execute get_health
        self._calls = 0
        self._failures = 0
        # endregion
        # region if get_health check_health
        self._checks = 0
        # endregion

    # region if execute
    @operation(default=True)
    async def execute(
        self,
        func: Callable[..., Awaitable[object]],
        args: Sequence[object] = (),
    ) -> object:
        """Await ``func(*args)``, return what it returned, and remember how it ended."""
        self._calls += 1
        try:
            return await func(*args)
        except Exception:
            self._failures += 1
            raise

    # endregion
    # region if get_health
    @operation(safe_to_verify=True)
    def get_health(self) -> dict[str, object]:
        """Return what is known about the work that was run."""
        return {
            "healthy": self._failures == 0,
            "calls": self._calls,
            "failures": self._failures,
            "checks": self._checks,
        }

    # endregion
    # region all durable roll_out
    @operation(durable=True)
    async def roll_out(self, target: str) -> dict[str, str]:
        """Change a target and look how it is afterwards; each happens once."""
        before = await self.runtime.step("look before", self._look_at, target)
        await self.runtime.step("change", self._change, target)
        after = await self.runtime.step("look after", self._look_at, target)
        return {"target": target, "before": before, "after": after}

    async def _look_at(self, target: str) -> str:
        """Say here how a target is; what it returns is kept as JSON."""
        return f"{target} is well"

    async def _change(self, target: str) -> None:
        """Do here what must not be done twice."""

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
    # region if check_health
    @background(interval=60, grace=5)
    async def check_health(self) -> None:
        """Look once a minute whether all is well; a stop waits five seconds at most."""
        self._checks += 1

    # endregion
    # region each background
    @background(interval=60, grace=5)
    async def example_background(self) -> None:
        """Say here what is done again and again."""

    # endregion
