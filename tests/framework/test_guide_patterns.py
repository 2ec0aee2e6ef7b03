"""The guide's four groups of test patterns (its "Test Examples")."""

from __future__ import annotations

from typing import Any

import pytest

from orchestra import (
    BaseOrchestrator,
    ErrorCategory,
    OrchestrationContext,
    OrchestrationFacade,
    OrchestrationLayer,
    OrchestrationType,
    StepResult,
)


class MockOrchestrator(BaseOrchestrator):
    def __init__(self, name: Any = "mock", layer: Any = OrchestrationLayer.DOMAIN) -> None:
        super().__init__(layer=layer, name=name, orchestration_type=OrchestrationType.SEQUENTIAL)
        self.called_with: dict[str, Any] | None = None
        self.cleanup_called = False

    async def orchestrate(self, context: OrchestrationContext, **kwargs: Any) -> Any:
        self._log_orchestration_start(context, **kwargs)
        self.called_with = kwargs
        result = StepResult.ok(result={"orchestrator": self.name})
        self._log_orchestration_end(context, result)
        return result

    async def cleanup(self) -> None:
        self.cleanup_called = True


class TestContextCreationAndHierarchy:
    def test_creation(self) -> None:
        context = OrchestrationContext(tenant_id="t", request_id="r", metadata={"k": "v"})
        assert (context.tenant_id, context.request_id, context.metadata) == ("t", "r", {"k": "v"})
        assert (context.trace_id, context.parent_orchestrator, context.orchestration_depth) == (None, None, 0)

    def test_children_are_one_level_deeper_and_keep_the_trace(self) -> None:
        parent = OrchestrationContext(tenant_id="t", request_id="r", metadata={}, trace_id="x")
        grandchild = parent.create_child_context("one").create_child_context("two")
        assert (grandchild.orchestration_depth, grandchild.parent_orchestrator) == (2, "two")
        assert grandchild.trace_id == "x"
        assert parent.orchestration_depth == 0


class TestOrchestratorInitialization:
    def test_properties(self) -> None:
        orchestrator = MockOrchestrator(layer=OrchestrationLayer.INFRASTRUCTURE)
        assert orchestrator.name == "mock"
        assert orchestrator.layer is OrchestrationLayer.INFRASTRUCTURE
        assert orchestrator.orchestration_type is OrchestrationType.SEQUENTIAL
        assert orchestrator.logger is not None

    @pytest.mark.asyncio
    async def test_it_can_orchestrate_unless_it_says_otherwise(self, orchestration_context: Any) -> None:
        assert await MockOrchestrator().can_orchestrate(orchestration_context) is True

        class Unwilling(MockOrchestrator):
            async def can_orchestrate(self, context: OrchestrationContext, **kwargs: Any) -> bool:
                return False

        facade = OrchestrationFacade()
        facade.register(unwilling := Unwilling())
        result = await facade.orchestrate("mock", orchestration_context)
        assert (result.success, result.status) == (True, "skipped")
        assert "can_orchestrate() of 'mock' said no" in result.metadata["reason"]
        assert unwilling.called_with is None

    @pytest.mark.asyncio
    async def test_an_exception_while_it_is_asked_is_a_failure(self, orchestration_context: Any) -> None:
        class Broken(MockOrchestrator):
            async def can_orchestrate(self, context: OrchestrationContext, **kwargs: Any) -> bool:
                raise ConnectionError("cannot know")

        facade = OrchestrationFacade()
        facade.register(Broken())
        result = await facade.orchestrate("mock", orchestration_context)
        assert (result.success, result.error_category) == (False, ErrorCategory.NETWORK)


class TestFacadeRegistrationAndDiscovery:
    def test_register_get_list_unregister(self) -> None:
        facade = OrchestrationFacade()
        facade.register(orchestrator := MockOrchestrator())
        assert facade.get("mock") is orchestrator
        assert list(facade.list_orchestrators()) == ["mock"]
        facade.unregister("mock")
        assert facade.get("mock") is None

    def test_duplicates_and_unknown_names_are_value_errors(self) -> None:
        facade = OrchestrationFacade()
        facade.register(MockOrchestrator())
        with pytest.raises(ValueError, match="already registered"):
            facade.register(MockOrchestrator())
        with pytest.raises(ValueError, match="not registered"):
            facade.unregister("other")

    def test_by_layer(self) -> None:
        facade = OrchestrationFacade()
        for number, layer in enumerate(OrchestrationLayer):
            facade.register(MockOrchestrator(f"mock_{number}", layer))
        for layer in OrchestrationLayer:
            assert [one.layer for one in facade.get_by_layer(layer)] == [layer]


class TestExecutionAndCleanup:
    @pytest.mark.asyncio
    async def test_execution_through_the_facade(self, facade: Any, orchestration_context: Any) -> None:
        facade.register(orchestrator := MockOrchestrator())
        result = await facade.orchestrate("mock", orchestration_context, depth="deep", event="x")
        assert result.data == {"result": {"orchestrator": "mock"}}
        assert orchestrator.called_with == {"depth": "deep", "event": "x"}

    @pytest.mark.asyncio
    async def test_cleanup_on_close_and_by_hand(self, orchestration_context: Any) -> None:
        async with OrchestrationFacade() as facade:
            facade.register(orchestrator := MockOrchestrator())
            await facade.orchestrate("mock", orchestration_context)
            assert vars(orchestrator)["cleanup_called"] is False
        assert vars(orchestrator)["cleanup_called"] is True
        by_hand = MockOrchestrator()
        await by_hand.cleanup()
        assert by_hand.cleanup_called
