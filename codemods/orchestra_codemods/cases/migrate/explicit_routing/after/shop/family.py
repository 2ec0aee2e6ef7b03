from typing import Any

from core.orchestration import (
    BaseOrchestrator,
    ErrorCategory,
    OrchestrationContext,
    OrchestrationLayer,
    OrchestrationType,
    StepResult,
    operation,
)


class ParentOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="parent",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )
        self.seen: list[Any] = []

    async def orchestrate(self, context: OrchestrationContext, **kwargs: Any) -> StepResult:
        """Route `operation` to the method of that name; what else is given are its arguments."""
        self._log_orchestration_start(context, **kwargs)
        operation = kwargs.pop("operation", "first")
        self.runtime.check_parameters(operation, kwargs)
        value: Any
        if operation == "first":
            value = await self.first(**kwargs)
        else:
            value = StepResult.fail(
                f"Unknown operation: {operation}",
                error_category=ErrorCategory.VALIDATION,
            )
        result = value if isinstance(value, StepResult) else StepResult.ok(result=value)
        self._log_orchestration_end(context, result)
        return result

    @operation
    async def first(self, value: int) -> int:
        return value


class ChildOrchestrator(ParentOrchestrator):
    def __init__(self) -> None:
        super().__init__()
        self.runtime.identify(
            OrchestrationLayer.DOMAIN, "child", OrchestrationType.SEQUENTIAL
        )
        self.more = 1

    async def orchestrate(self, context: OrchestrationContext, **kwargs: Any) -> StepResult:
        """Route `operation` to the method of that name; what else is given are its arguments."""
        if kwargs.get("operation") not in {"second"}:
            return await super().orchestrate(context, **kwargs)
        self._log_orchestration_start(context, **kwargs)
        operation = kwargs.pop("operation", None)
        self.runtime.check_parameters(operation, kwargs)
        value: Any
        if operation == "second":
            value = await self.second(**kwargs)
        else:
            value = StepResult.fail(
                f"Unknown operation: {operation}",
                error_category=ErrorCategory.VALIDATION,
            )
        result = value if isinstance(value, StepResult) else StepResult.ok(result=value)
        self._log_orchestration_end(context, result)
        return result

    @operation
    async def second(self, value: int) -> int:
        return value + self.more
