"""What users get from mypy --strict and pyright, which both read this; a wrong line is marked as such."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from enum import Enum
from typing import Any, assert_type

from orchestra import (
    BaseOrchestrator,
    ErrorCategory,
    OrchestrationContext,
    OrchestrationFacade,
    OrchestrationLayer,
    OrchestrationType,
    OrchestratorProtocol,
    StepResult,
    background,
    get_orchestration_facade,
    lazy,
    operation,
)
from orchestra.testing import FakeClock, assert_no_leaked_tasks, verify_lifecycle


class Router:
    def route(self, name: str) -> int:
        return len(name)


class OwnType(Enum):
    MINE = "mine"


class Own(BaseOrchestrator):
    router: lazy[Router] = lazy("my_app.router:get_router")
    typed = lazy(Router)

    def __init__(self, router: Router | None = None) -> None:
        super().__init__(OrchestrationLayer.DOMAIN, "own", OwnType.MINE)
        self.router = router

    @operation
    async def add(self, a: int, b: int = 1) -> int:
        return a + b

    @operation(default=True, timeout=5)
    def subtract(self, a: int) -> str:
        return str(a)

    @background(interval=60)
    async def tick(self) -> None:
        await self.runtime.wait_stopped(1)

    @background
    async def loop(self) -> None:
        while not await self.runtime.wait_stopped(60):
            pass


class AsTheGuideShows(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN, name="guide", orchestration_type=OrchestrationType.SEQUENTIAL
        )

    async def orchestrate(self, context: OrchestrationContext, **kwargs: Any) -> StepResult:
        self._log_orchestration_start(context, **kwargs)
        result = StepResult.ok(result=1)
        self._log_orchestration_end(context, result)
        return result

    async def can_orchestrate(self, context: OrchestrationContext, **kwargs: Any) -> bool:
        return True

    async def cleanup(self) -> None:
        return None


class OwnResult:
    success = True


class WithOwnResult(BaseOrchestrator):
    async def orchestrate(self, context: OrchestrationContext, **kwargs: Any) -> OwnResult:
        return OwnResult()


async def use(own: Own, guide: AsTheGuideShows, clock: FakeClock) -> None:
    assert_type(await own.add(1, b=2), int)
    assert_type(own.subtract(1), str)
    assert_type(own.router, Router)
    assert_type(own.router.route("x"), int)
    assert_type(own.typed, Router)
    assert_type(Own.router, lazy[Router])
    own.router = Router()
    own.router = None
    assert_type(own.name, str)

    facade = get_orchestration_facade()
    assert_type(facade, OrchestrationFacade)
    facade.register(own)
    facade.register(guide, replace=True)
    context = OrchestrationContext(tenant_id="t", request_id="r", metadata={})
    result = await facade.orchestrate("own", context, operation="add", a=1)
    assert_type(result, StepResult)
    assert_type(await facade.orchestrate(orchestrator_name="own", context=context), StepResult)
    assert_type(await facade.orchestrate("own"), StepResult)
    assert_type(result.success, bool)
    assert_type(result.data, dict[str, Any])
    assert_type(result.error_category, ErrorCategory | None)
    assert_type(StepResult.fail("x", error_category=ErrorCategory.TIMEOUT), StepResult)
    assert_type(facade.get("own"), OrchestratorProtocol | None)
    assert_type(facade.get_by_layer(OrchestrationLayer.DOMAIN), Sequence[OrchestratorProtocol])
    assert_type(OrchestrationContext.current(), OrchestrationContext | None)
    assert_type(context.remaining(), float | None)
    async for item in facade.stream("own", "numbers", context):
        assert_type(item, Any)
    async with OrchestrationFacade(tenant_limit=3) as started, assert_no_leaked_tasks():
        assert_type(started, OrchestrationFacade)
    assert_type(own.runtime.spawn(own.tick), asyncio.Task[None] | None)
    assert_type((await verify_lifecycle(Own)).passed, bool)
    await clock.advance(60)


async def mistakes(own: Own, facade: OrchestrationFacade) -> None:
    await own.add("1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    own.subtract()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    facade.register(Own)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    facade.register(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    operation(5)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    background(lambda self: 5)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
    own.router = 5  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    OrchestrationFacade(unknown="maybe")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await facade.orchestrate(5)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
