"""A business workflow that keeps nothing between two calls."""

from __future__ import annotations

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
    """Say here what the workflow is for."""

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
            layer=OrchestrationLayer.DOMAIN,
            name="example_name",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )
        # region each dependency
        self.example_dependency = example_dependency
        # endregion

    # region if execute
    # region if durable
    @operation(durable=True)
    # endregion
    # region unless durable
    @operation
    # endregion
    async def execute(self, subject: str, depth: str = "standard") -> dict[str, str]:
        """Take the subject through the steps of the workflow, one after the other."""
        # region unless durable
        analysis = await self._analyze(subject, depth)
        # endregion
        # region if durable
        analysis = await self.runtime.step("analyze", self._analyze, subject, depth)
        # endregion
        return {"subject": subject, "depth": depth, "analysis": analysis}

    async def _analyze(self, subject: str, depth: str) -> str:
        return f"{depth} analysis of {subject}"

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
    # region each background
    @background(interval=60, grace=5)
    async def example_background(self) -> None:
        """Say here what is done again and again."""

    # endregion
