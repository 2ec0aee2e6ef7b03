"""What every backend promises, as tests to inherit.

Subclass :class:`BackendConformance` in a test module and write its ``open_backend``; pytest collects the
rest.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
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
    from collections.abc import AsyncIterator

    from orchestra.backends import Backend


class ConformanceOrchestrator(BaseOrchestrator):
    """The orchestrator that the suite runs on the backend; its parameters and results are plain JSON."""

    def __init__(self) -> None:
        super().__init__(OrchestrationLayer.DOMAIN, "conformance")
        self.done: list[str] = []

    @operation(durable=True)
    async def note(self, text: str) -> int:
        """Note a text in a step; return how many were noted here."""
        return int(await self.runtime.step("note", self._note, text))

    @operation(durable=True)
    async def note_twice(self, text: str) -> int:
        """Note a text in two steps; return how many were noted here."""
        await self.runtime.step("once", self._note, text)
        return int(await self.runtime.step("twice", self._note, text))

    @operation(durable=True)
    async def keys(self) -> list[str | None]:
        """Return the idempotency keys that two steps see."""
        return [
            await self.runtime.step("one", _key_here),
            await self.runtime.step("two", _key_here),
        ]

    @operation(durable=True)
    async def answer_with(self, text: str) -> Any:
        """Return what JSON cannot carry."""
        return Fraction(text)

    def _note(self, text: str) -> int:
        self.done.append(text)
        return len(self.done)

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

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[tuple[Backend, ConformanceOrchestrator]]:
        """Open a fresh backend that serves the conformance orchestrator."""
        facade = OrchestrationFacade()
        orchestrator = ConformanceOrchestrator()
        facade.register(orchestrator)
        facade.resolve_with("fraction", Fraction)
        backend = await self.open_backend(facade)
        try:
            yield backend, orchestrator
        finally:
            await backend.aclose()
            await facade.aclose()

    async def run(self, name: str, context: OrchestrationContext | None = None, /, **params: Any) -> Any:
        """Run one operation of the conformance orchestrator on a fresh backend."""
        async with self.serving() as (backend, _):
            given = context or OrchestrationContext("conformance", "request", trace_id="trace")
            return await backend.run("conformance", name, given, params)

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


class DurableConformance(BackendConformance):
    """What a backend promises besides when it has a store."""

    async def test_a_request_id_never_makes_two_runs_one(self) -> None:
        """Without a key, each call is a run."""
        async with self.serving() as (backend, _):
            context = OrchestrationContext("me", "r")
            results = [await backend.run("conformance", "note", context, {"text": "a"}) for _ in range(2)]
        assert [result.data["result"] for result in results] == [1, 2]

    async def test_the_same_key_gives_the_run_that_has_it(self) -> None:
        """Nothing is done twice."""
        async with self.serving() as (backend, orchestrator):
            context = OrchestrationContext("me", "r", idempotency_key="k")
            results = [await backend.run("conformance", "note", context, {"text": "a"}) for _ in range(2)]
        assert [result.data["result"] for result in results] == [1, 1]
        assert orchestrator.done == ["a"]

    async def test_the_same_key_with_other_parameters_is_an_error(self) -> None:
        """One of the two is a mistake, and nothing is run."""
        async with self.serving() as (backend, orchestrator):
            context = OrchestrationContext("me", "r", idempotency_key="k")
            await backend.run("conformance", "note", context, {"text": "a"})
            result = await backend.run("conformance", "note", context, {"text": "b"})
        assert (result.success, category_name(result)) == (False, "CONFLICT")
        assert "'k'" in result.error
        assert orchestrator.done == ["a"]

    async def test_tenants_and_operations_do_not_share_keys(self) -> None:
        """Two tenants with one request id, and two operations in one request, are not mixed up."""
        async with self.serving() as (backend, orchestrator):
            for tenant, name in (("me", "note"), ("you", "note"), ("me", "note_twice")):
                context = OrchestrationContext(tenant, "r", idempotency_key="k")
                await backend.run("conformance", name, context, {"text": f"{tenant} {name}"})
        assert orchestrator.done == ["me note", "you note", "me note_twice", "me note_twice"]

    async def test_a_step_has_an_idempotency_key_of_its_own(self) -> None:
        """It is made of the run's id and the step's number."""
        first, second = (await self.run("keys")).data["result"]
        assert first is not None
        assert first.partition(":")[0] == second.partition(":")[0]
        assert first != second

    async def test_what_json_cannot_carry_is_refused_by_name(self) -> None:
        """Nothing is run."""
        async with self.serving() as (backend, orchestrator):
            context = OrchestrationContext("me", "r")
            result = await backend.run("conformance", "note", context, {"text": Fraction("1/3")})
        assert (result.success, category_name(result)) == (False, "VALIDATION")
        assert "'text' cannot be written as JSON: it is a Fraction" in result.error
        assert orchestrator.done == []

    async def test_a_result_that_json_cannot_carry_is_a_failure(self) -> None:
        """It names the place."""
        result = await self.run("answer_with", text="1/3")
        assert not result.success
        assert "'result.result' cannot be written as JSON: it is a Fraction" in result.error


def _key_here() -> str | None:
    context = OrchestrationContext.current()
    return None if context is None else context.idempotency_key


def _same(value: Any) -> Any:
    return value


async def _refuse(reason: str) -> None:
    raise ConnectionRefusedError(reason)
