"""Sales."""

import logging
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


class SalesOrchestrator(BaseOrchestrator):
    """Sells."""

    def __init__(self, limit=3):
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="sales",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )
        self.limit = limit

    async def orchestrate(self, context: OrchestrationContext, /, **kwargs: Any) -> StepResult:
        """Route `operation` to the method of that name; what else is given are its arguments."""
        self._log_orchestration_start(context, **kwargs)
        operation = kwargs.pop("operation", None)
        self.runtime.check_parameters(operation, kwargs)
        value: Any
        if operation == "price":
            value = self.price(kwargs.pop("item"), **kwargs)
        elif operation == "sell":
            value = await self.sell(**kwargs)
        else:
            value = StepResult.fail(
                f"Unknown operation: {operation}",
                error_category=ErrorCategory.VALIDATION,
            )
        result = value if isinstance(value, StepResult) else StepResult.ok(result=value)
        self._log_orchestration_end(context, result)
        return result

    @operation
    def price(self, item, /, amount=1):
        return 3 * amount

    @operation
    async def sell(self, item, *, context=None):
        return {"sold": item}

    @operation
    async def follow(self, item):
        yield item

    def _own(self):
        return 1


class OneOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="one",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    async def orchestrate(self, context: OrchestrationContext, **kwargs: Any) -> StepResult:
        """Route `operation` to the method of that name; what else is given are its arguments."""
        self._log_orchestration_start(context, **kwargs)
        operation = kwargs.pop("operation", "run")
        self.runtime.check_parameters(operation, kwargs)
        value: Any
        if operation == "run":
            value = self.run(**kwargs)
        else:
            value = StepResult.fail(
                f"Unknown operation: {operation}",
                error_category=ErrorCategory.VALIDATION,
            )
        result = value if isinstance(value, StepResult) else StepResult.ok(result=value)
        self._log_orchestration_end(context, result)
        return result

    @operation
    def run(self, text):
        def inner():
            yield text

        return list(inner())
