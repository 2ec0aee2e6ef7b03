"""What every backend promises, as tests to inherit.

Subclass :class:`BackendConformance` in a test module and write its ``open_backend``; pytest collects the
rest.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from orchestra.base import BaseOrchestrator
from orchestra.context import OrchestrationContext
from orchestra.facade import OrchestrationFacade
from orchestra.layers import OrchestrationLayer
from orchestra.operations import operation
from orchestra.references import Ref
from orchestra.result import StepResult
from orchestra.results import category_name

if TYPE_CHECKING:
    from orchestra.backends import Backend


class ConformanceOrchestrator(BaseOrchestrator):
    """The orchestrator that the suite runs on the backend; its parameters and results are plain JSON."""

    def __init__(self) -> None:
        super().__init__(OrchestrationLayer.DOMAIN, "conformance")

    @operation(durable=True)
    async def add(self, a: int, b: int) -> int:
        """Return a sum from two steps."""
        first = await self.runtime.step("first", _same, a)
        return int(first) + int(await self.runtime.step("second", _same, b))

    @operation(durable=True)
    async def fail(self, reason: str) -> None:
        """Raise."""
        raise ConnectionError(reason)

    @operation(durable=True)
    async def refuse(self, reason: str) -> StepResult:
        """Return a failed result."""
        return StepResult.fail(reason, retryable=False, asked="twice")

    @operation(durable=True)
    async def describe(self) -> dict[str, Any]:
        """Return the context as the operation sees it."""
        context = OrchestrationContext.current()
        if context is None:
            return {}
        return {
            "tenant": context.tenant_id,
            "request": context.request_id,
            "trace": context.trace_id,
            "has_deadline": context.remaining() is not None,
        }

    @operation(durable=True)
    async def look_at(self, thing: Any) -> str:
        """Return the type of what a parameter holds on arrival."""
        return type(thing).__name__

    @operation(durable=True)
    async def try_step(self, reason: str) -> str:
        """Catch what a step raises, by its type."""
        try:
            await self.runtime.step("refused", _refuse, reason)
        except ConnectionRefusedError as error:
            return f"caught {error}"
        return "nothing raised"

    @operation(durable=True)
    async def nest(self, a: int) -> dict[str, Any]:
        """Call another operation of the same orchestrator."""
        inner = await self.runtime.facade.orchestrate("conformance", operation="add", a=a, b=1)
        return {"inner": inner.data["result"]}


class BackendConformance:
    """Inherit this, write :meth:`open_backend`, and run pytest (with pytest-asyncio in auto mode, or mark
    it).
    """

    async def open_backend(self, facade: OrchestrationFacade) -> Backend:
        """Return the backend under test, serving this facade."""
        raise NotImplementedError

    async def run(self, name: str, context: OrchestrationContext | None = None, /, **params: Any) -> Any:
        """Run one operation of the conformance orchestrator on a fresh backend."""
        facade = OrchestrationFacade()
        facade.register(ConformanceOrchestrator())
        facade.resolve_with("fraction", Fraction)
        backend = await self.open_backend(facade)
        try:
            given = context or OrchestrationContext("conformance", "request", trace_id="trace")
            return await backend.run("conformance", name, given, params)
        finally:
            await backend.aclose()
            await facade.aclose()

    async def test_a_value_comes_back(self) -> None:
        """A plain value becomes the result."""
        result = await self.run("add", a=1, b=2)
        assert (result.success, result.data) == (True, {"result": 3})

    async def test_an_exception_becomes_a_failure_of_its_category(self) -> None:
        """A transient exception is retryable."""
        result = await self.run("fail", reason="gone")
        assert (result.success, category_name(result), result.retryable) == (False, "NETWORK", True)
        assert "gone" in result.error

    async def test_a_failed_result_is_handed_back(self) -> None:
        """What an operation returned as failed keeps its fields."""
        result = await self.run("refuse", reason="no")
        assert (result.success, result.error, result.data) == (False, "no", {"asked": "twice"})

    async def test_the_context_arrives(self) -> None:
        """Tenant, request, trace and deadline cross over."""
        context = OrchestrationContext("me", "r-1", trace_id="t-1").with_timeout(60)
        seen = (await self.run("describe", context)).data["result"]
        assert seen == {"tenant": "me", "request": "r-1", "trace": "t-1", "has_deadline": True}

    async def test_nested_calls_work(self) -> None:
        """An operation reaches others through the facade."""
        assert (await self.run("nest", a=4)).data == {"result": {"inner": 5}}

    async def test_what_a_step_raises_keeps_its_type(self) -> None:
        """An operation may catch what its steps raise."""
        assert (await self.run("try_step", reason="no")).data == {"result": "caught no"}

    async def test_a_reference_arrives_as_what_it_names(self) -> None:
        """An object that JSON cannot carry is loaded where it is needed."""
        assert (await self.run("look_at", thing=Ref("fraction", "1/3"))).data == {"result": "Fraction"}

    async def test_a_reference_of_an_unknown_kind_is_refused(self) -> None:
        """The error names the parameter and the kind."""
        result = await self.run("look_at", thing=Ref("fractoin", "1/3"))
        assert (result.success, category_name(result)) == (False, "CONFIGURATION")
        assert "'thing'" in result.error
        assert "Did you mean 'fraction'?" in result.error

    async def test_wrong_parameters_are_refused(self) -> None:
        """They are a VALIDATION failure that names them."""
        result = await self.run("add", a=1)
        assert (result.success, category_name(result)) == (False, "VALIDATION")
        assert "'b'" in result.error


def _same(value: Any) -> Any:
    return value


async def _refuse(reason: str) -> None:
    raise ConnectionRefusedError(reason)
