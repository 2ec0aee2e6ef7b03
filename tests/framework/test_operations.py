"""Operations: a marked method stays the method that it was, and is routed by name."""

from __future__ import annotations

import inspect
from typing import Any, cast

import pytest

import orchestra
from orchestra import (
    BaseOrchestrator,
    ErrorCategory,
    OrchestrationContext,
    OrchestrationFacade,
    OrchestrationLayer,
    StepResult,
    operation,
)
from orchestra.errors import (
    InvalidOptionError,
    InvalidTimeoutError,
    NothingToOrchestrateError,
    OperationNotFoundError,
    WrongParametersError,
)

CONTEXT = OrchestrationContext("tenant", "request", {})


def state_of(orchestrator: BaseOrchestrator) -> str:
    """Return the state now: a type checker remembers the last comparison of an attribute."""
    return orchestrator.runtime.state


class Calculator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(OrchestrationLayer.DOMAIN, "calculator")
        self.seen: list[OrchestrationContext] = []

    @operation
    async def add(self, a: Any, b: Any = 1, *, scale: Any = 1) -> Any:
        return (a + b) * scale

    @operation
    def subtract(self, a: Any, b: Any, /) -> Any:
        return a - b

    @operation
    async def outcome(self, result: Any) -> Any:
        return result

    @operation(name="divide")
    async def division(self, a: int, b: int) -> float:
        return a / b

    @operation
    async def remember(self, note: Any, context: OrchestrationContext) -> Any:
        self.seen = [context]
        return note

    @operation(check_types=True)
    async def typed(self, count: int, label: str | None = None) -> Any:
        return count, label

    @operation
    async def anything(self, *args: Any, **kwargs: Any) -> Any:
        return args, kwargs

    def helper(self) -> str:
        return "not an operation"


class Sole(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(OrchestrationLayer.DOMAIN, "sole")

    @operation
    async def work(self, operation: Any = "none") -> Any:
        return operation


async def run(_name: Any, **params: Any) -> Any:
    facade = OrchestrationFacade()
    facade.register(Calculator())
    return await facade.orchestrate("calculator", CONTEXT, operation=_name, **params)


@pytest.mark.asyncio
async def test_an_operation_stays_the_function_that_was_written() -> None:
    async def add(self: Any, a: Any) -> None:
        """Add."""

    assert operation(add) is add
    assert inspect.iscoroutinefunction(Calculator.add)
    assert not inspect.iscoroutinefunction(Calculator.subtract)
    assert await Calculator().add(1, 2, scale=3) == 9
    assert Calculator().subtract(3, 1) == 2


@pytest.mark.asyncio
async def test_a_plain_return_value_becomes_the_result() -> None:
    assert await run("add", a=2) == StepResult.ok(result=3)


@pytest.mark.asyncio
async def test_positional_only_parameters_are_given_by_name() -> None:
    assert (await run("subtract", a=5, b=3)).data == {"result": 2}


@pytest.mark.parametrize("given", [StepResult.ok(x=1), StepResult.fail("no"), StepResult.skip("later")])
@pytest.mark.asyncio
async def test_a_result_object_is_passed_on(given: Any) -> None:
    assert await run("outcome", result=given) is given


@pytest.mark.asyncio
async def test_an_operation_is_routed_by_its_own_name() -> None:
    assert (await run("divide", a=6, b=3)).data == {"result": 2.0}
    assert not (await run("division", a=6, b=3)).success


@pytest.mark.asyncio
async def test_an_exception_becomes_a_failure_that_keeps_it() -> None:
    result = await run("divide", a=1, b=0)

    assert result.success is False
    assert isinstance(result.exception, ZeroDivisionError)
    assert result.error_category is ErrorCategory.PROCESSING
    assert result.retryable is False


@pytest.mark.parametrize(
    ("error", "category", "retryable"),
    [
        (TimeoutError(), ErrorCategory.TIMEOUT, True),
        (ConnectionResetError(), ErrorCategory.NETWORK, True),
        (PermissionError(), ErrorCategory.AUTHORIZATION, False),
        (FileNotFoundError(), ErrorCategory.NOT_FOUND, False),
        (ValueError(), ErrorCategory.VALIDATION, False),
        (KeyError("x"), ErrorCategory.NOT_FOUND, False),
        (OSError(28, "no space"), ErrorCategory.RESOURCE_EXHAUSTED, True),
        (MemoryError(), ErrorCategory.RESOURCE_EXHAUSTED, True),
        (AttributeError(), ErrorCategory.INTERNAL, False),
        (type("RateLimitError", (Exception,), {})(), ErrorCategory.RATE_LIMIT, True),
        (type("Odd", (Exception,), {"error_category": "POLICY"})(), ErrorCategory.POLICY, False),
        (RuntimeError(), ErrorCategory.PROCESSING, False),
        (ExceptionGroup("g", [ConnectionError(), ConnectionError()]), ErrorCategory.NETWORK, True),
        (ExceptionGroup("g", [ExceptionGroup("h", [TimeoutError()])]), ErrorCategory.TIMEOUT, True),
        (ExceptionGroup("g", [ConnectionError(), ValueError()]), ErrorCategory.PROCESSING, False),
    ],
)
@pytest.mark.asyncio
async def test_the_category_follows_the_exceptions_type(error: Any, category: Any, retryable: Any) -> None:
    class Raising(BaseOrchestrator):
        def __init__(self) -> None:
            super().__init__(OrchestrationLayer.DOMAIN, "raising")

        @operation
        def work(self) -> None:
            raise error

    result = await Raising().orchestrate(CONTEXT)

    assert (result.error_category, result.retryable, result.exception) == (category, retryable, error)


@pytest.mark.asyncio
async def test_an_unknown_operation_names_the_nearest() -> None:
    result = await run("ad")

    assert result.error_category is ErrorCategory.VALIDATION
    assert result.error.startswith("Unknown operation: ad")
    assert "Did you mean 'add'?" in str(result.error)
    assert isinstance(result.exception, OperationNotFoundError)


@pytest.mark.asyncio
async def test_missing_and_unexpected_parameters_are_named() -> None:
    result = await run("add", aa=1, scale=2)

    assert result.error_category is ErrorCategory.VALIDATION
    assert isinstance(result.exception, WrongParametersError)
    assert result.exception.missing == ["a"]
    assert result.exception.unexpected == ["aa"]
    assert "(a: Any, b: Any = 1, *, scale: Any = 1) -> Any" in str(result.error)


@pytest.mark.asyncio
async def test_a_type_error_of_the_body_is_not_taken_for_wrong_parameters() -> None:
    result = await run("add", a="text")

    assert result.error_category is ErrorCategory.INTERNAL
    assert type(result.exception) is TypeError


@pytest.mark.asyncio
async def test_wrong_typed_parameters_are_named_where_the_operation_asks_for_it() -> None:
    assert (await run("typed", count=1, label=None)).success
    result = await run("typed", count="1", label=2)

    assert result.error_category is ErrorCategory.VALIDATION
    assert "'count' is str, not int" in str(result.error)
    assert "'label' is int" in str(result.error)


@pytest.mark.asyncio
async def test_leaving_out_the_operation_names_the_choices() -> None:
    facade = OrchestrationFacade()
    facade.register(Calculator())
    result = await facade.orchestrate("calculator", CONTEXT, a=1)

    assert result.error_category is ErrorCategory.VALIDATION
    assert "add, anything, divide" in str(result.error)


@pytest.mark.asyncio
async def test_a_sole_operation_is_the_default_and_may_have_a_parameter_named_operation() -> None:
    sole = Sole()

    assert (await sole.orchestrate(CONTEXT)).unwrap() == "none"
    assert (await sole.orchestrate(CONTEXT, operation="other")).unwrap() == "other"


@pytest.mark.asyncio
async def test_a_default_can_be_marked() -> None:
    class Two(BaseOrchestrator):
        def __init__(self) -> None:
            super().__init__(OrchestrationLayer.DOMAIN, "two")

        @operation
        def one(self) -> int:
            return 1

        @operation(default=True)
        def other(self) -> int:
            return 2

    assert (await Two().orchestrate(CONTEXT)).unwrap() == 2


@pytest.mark.asyncio
async def test_the_context_goes_to_a_parameter_annotated_with_it_and_to_no_other() -> None:
    facade = OrchestrationFacade()
    calculator = Calculator()
    facade.register(calculator)
    await facade.orchestrate("calculator", CONTEXT, operation="remember", note="x")

    assert calculator.seen == [CONTEXT]
    result = await facade.orchestrate("calculator", CONTEXT, operation="anything", context=7, name=8)
    assert result.unwrap() == ((), {"context": 7, "name": 8})


@pytest.mark.asyncio
async def test_call_returns_what_was_returned_and_raises_what_was_raised() -> None:
    facade = OrchestrationFacade()
    calculator = Calculator()
    facade.register(calculator)
    failed = StepResult.fail("no")

    assert await facade.call("calculator", "add", None, 1, 2, scale=3) == 9
    assert await facade.call(calculator, "outcome", CONTEXT, failed) is failed
    with pytest.raises(ZeroDivisionError):
        await facade.call("calculator", "divide", CONTEXT, 1, 0)
    with pytest.raises(TypeError, match="missing 'result'"):
        await facade.call("calculator", "outcome", CONTEXT)
    with pytest.raises(AttributeError, match="Unknown operation: helper"):
        await facade.call("calculator", "helper", CONTEXT)


@pytest.mark.asyncio
async def test_start_and_stop_are_always_routable() -> None:
    facade = OrchestrationFacade()
    facade.register(sole := Sole())

    assert (await facade.orchestrate("sole", CONTEXT, operation="start")).data == {
        "result": {"status": "started"}
    }
    assert state_of(sole) == "started"
    assert (await facade.orchestrate("sole", CONTEXT, operation="stop")).data == {
        "result": {"status": "stopped"}
    }
    assert state_of(sole) == "stopped"


@pytest.mark.asyncio
async def test_a_class_with_nothing_to_orchestrate_is_refused_on_construction() -> None:
    class Empty(BaseOrchestrator):
        def __init__(self) -> None:
            super().__init__(OrchestrationLayer.DOMAIN, "empty")

    with pytest.raises(NothingToOrchestrateError, match="Empty has nothing to orchestrate"):
        Empty()
    assert issubclass(NothingToOrchestrateError, TypeError)


@pytest.mark.asyncio
async def test_an_override_in_a_subclass_of_a_subclass_stays_an_operation() -> None:
    class Middle(Calculator):
        async def add(self, a: Any, b: Any = 1, *, scale: Any = 1) -> Any:
            return "middle", await super().add(a, b)

    class Last(Middle):
        @operation
        def extra(self) -> str:
            return "extra"

    last = Last()

    assert (await last.orchestrate(CONTEXT, operation="add", a=1)).unwrap() == ("middle", 2)
    assert (await last.orchestrate(CONTEXT, operation="extra")).unwrap() == "extra"
    assert not (await Middle().orchestrate(CONTEXT, operation="extra")).success


@pytest.mark.asyncio
async def test_operations_of_a_mixin_count() -> None:
    class Mixin:
        @operation
        def mixed(self) -> str:
            return "mixed"

    class Mixed(Mixin, Sole):
        pass

    assert (await Mixed().orchestrate(CONTEXT, operation="mixed")).unwrap() == "mixed"


@pytest.mark.asyncio
async def test_options_without_meaning_are_refused() -> None:
    with pytest.raises(InvalidTimeoutError):
        operation(timeout=-1)
    with pytest.raises(InvalidOptionError):
        operation(retry=0)
    with pytest.raises(InvalidOptionError):
        operation(cast(Any, property(lambda self: 1)))


@pytest.mark.asyncio
async def test_names_of_the_package_are_functions_not_modules_of_the_same_name() -> None:
    assert all(not inspect.ismodule(getattr(orchestra, name)) for name in orchestra.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        orchestra.nonsense  # noqa: B018
