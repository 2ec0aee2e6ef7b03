"""Operations: a marked method stays the method that it was, and is routed by name."""

from __future__ import annotations

import inspect

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


class Calculator(BaseOrchestrator):
    def __init__(self):
        super().__init__(OrchestrationLayer.DOMAIN, "calculator")
        self.seen = None

    @operation
    async def add(self, a, b=1, *, scale=1):
        return (a + b) * scale

    @operation
    def subtract(self, a, b, /):
        return a - b

    @operation
    async def outcome(self, result):
        return result

    @operation(name="divide")
    async def division(self, a: int, b: int) -> float:
        return a / b

    @operation
    async def remember(self, note, context: OrchestrationContext):
        self.seen = context
        return note

    @operation(check_types=True)
    async def typed(self, count: int, label: str | None = None):
        return count, label

    @operation
    async def anything(self, *args, **kwargs):
        return args, kwargs

    def helper(self):
        return "not an operation"


class Sole(BaseOrchestrator):
    def __init__(self):
        super().__init__(OrchestrationLayer.DOMAIN, "sole")

    @operation
    async def work(self, operation="none"):
        return operation


async def run(_name, **params):
    facade = OrchestrationFacade()
    facade.register(Calculator())
    return await facade.orchestrate("calculator", CONTEXT, operation=_name, **params)


@pytest.mark.asyncio
async def test_an_operation_stays_the_function_that_was_written():
    async def add(self, a):
        """Add."""

    assert operation(add) is add
    assert inspect.iscoroutinefunction(Calculator.add)
    assert not inspect.iscoroutinefunction(Calculator.subtract)
    assert await Calculator().add(1, 2, scale=3) == 9
    assert Calculator().subtract(3, 1) == 2


@pytest.mark.asyncio
async def test_a_plain_return_value_becomes_the_result():
    assert await run("add", a=2) == StepResult.ok(result=3)


@pytest.mark.asyncio
async def test_positional_only_parameters_are_given_by_name():
    assert (await run("subtract", a=5, b=3)).data == {"result": 2}


@pytest.mark.parametrize("given", [StepResult.ok(x=1), StepResult.fail("no"), StepResult.skip("later")])
@pytest.mark.asyncio
async def test_a_result_object_is_passed_on(given):
    assert await run("outcome", result=given) is given


@pytest.mark.asyncio
async def test_an_operation_is_routed_by_its_own_name():
    assert (await run("divide", a=6, b=3)).data == {"result": 2.0}
    assert not (await run("division", a=6, b=3)).success


@pytest.mark.asyncio
async def test_an_exception_becomes_a_failure_that_keeps_it():
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
    ],
)
@pytest.mark.asyncio
async def test_the_category_follows_the_exceptions_type(error, category, retryable):
    class Raising(BaseOrchestrator):
        def __init__(self):
            super().__init__(OrchestrationLayer.DOMAIN, "raising")

        @operation
        def work(self):
            raise error

    result = await Raising().orchestrate(CONTEXT)

    assert (result.error_category, result.retryable, result.exception) == (category, retryable, error)


@pytest.mark.asyncio
async def test_an_unknown_operation_names_the_nearest():
    result = await run("ad")

    assert result.error_category is ErrorCategory.VALIDATION
    assert result.error.startswith("Unknown operation: ad")
    assert "Did you mean 'add'?" in result.error
    assert isinstance(result.exception, OperationNotFoundError)


@pytest.mark.asyncio
async def test_missing_and_unexpected_parameters_are_named():
    result = await run("add", aa=1, scale=2)

    assert result.error_category is ErrorCategory.VALIDATION
    assert isinstance(result.exception, WrongParametersError)
    assert result.exception.missing == ["a"]
    assert result.exception.unexpected == ["aa"]
    assert "(a, b=1, *, scale=1)" in result.error


@pytest.mark.asyncio
async def test_a_type_error_of_the_body_is_not_taken_for_wrong_parameters():
    result = await run("add", a="text")

    assert result.error_category is ErrorCategory.INTERNAL
    assert type(result.exception) is TypeError


@pytest.mark.asyncio
async def test_wrong_typed_parameters_are_named_where_the_operation_asks_for_it():
    assert (await run("typed", count=1, label=None)).success
    result = await run("typed", count="1", label=2)

    assert result.error_category is ErrorCategory.VALIDATION
    assert "'count' is str, not int" in result.error
    assert "'label' is int" in result.error


@pytest.mark.asyncio
async def test_leaving_out_the_operation_names_the_choices():
    facade = OrchestrationFacade()
    facade.register(Calculator())
    result = await facade.orchestrate("calculator", CONTEXT, a=1)

    assert result.error_category is ErrorCategory.VALIDATION
    assert "add, anything, divide" in result.error


@pytest.mark.asyncio
async def test_a_sole_operation_is_the_default_and_may_have_a_parameter_named_operation():
    sole = Sole()

    assert (await sole.orchestrate(CONTEXT)).unwrap() == "none"
    assert (await sole.orchestrate(CONTEXT, operation="other")).unwrap() == "other"


@pytest.mark.asyncio
async def test_a_default_can_be_marked():
    class Two(BaseOrchestrator):
        def __init__(self):
            super().__init__(OrchestrationLayer.DOMAIN, "two")

        @operation
        def one(self):
            return 1

        @operation(default=True)
        def other(self):
            return 2

    assert (await Two().orchestrate(CONTEXT)).unwrap() == 2


@pytest.mark.asyncio
async def test_the_context_goes_to_a_parameter_annotated_with_it_and_to_no_other():
    facade = OrchestrationFacade()
    calculator = Calculator()
    facade.register(calculator)
    await facade.orchestrate("calculator", CONTEXT, operation="remember", note="x")

    assert calculator.seen is CONTEXT
    result = await facade.orchestrate("calculator", CONTEXT, operation="anything", context=7, name=8)
    assert result.unwrap() == ((), {"context": 7, "name": 8})


@pytest.mark.asyncio
async def test_call_returns_what_was_returned_and_raises_what_was_raised():
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
async def test_start_and_stop_are_always_routable():
    facade = OrchestrationFacade()
    facade.register(sole := Sole())

    assert (await facade.orchestrate("sole", CONTEXT, operation="start")).data == {
        "result": {"status": "started"}
    }
    assert sole.runtime.state == "started"
    assert (await facade.orchestrate("sole", CONTEXT, operation="stop")).data == {
        "result": {"status": "stopped"}
    }
    assert sole.runtime.state == "stopped"


@pytest.mark.asyncio
async def test_a_class_with_nothing_to_orchestrate_is_refused_on_construction():
    class Empty(BaseOrchestrator):
        def __init__(self):
            super().__init__(OrchestrationLayer.DOMAIN, "empty")

    with pytest.raises(NothingToOrchestrateError, match="Empty has nothing to orchestrate"):
        Empty()
    assert issubclass(NothingToOrchestrateError, TypeError)


@pytest.mark.asyncio
async def test_an_override_in_a_subclass_of_a_subclass_stays_an_operation():
    class Middle(Calculator):
        async def add(self, a, b=1, *, scale=1):
            return "middle", await super().add(a, b)

    class Last(Middle):
        @operation
        def extra(self):
            return "extra"

    last = Last()

    assert (await last.orchestrate(CONTEXT, operation="add", a=1)).unwrap() == ("middle", 2)
    assert (await last.orchestrate(CONTEXT, operation="extra")).unwrap() == "extra"
    assert not (await Middle().orchestrate(CONTEXT, operation="extra")).success


@pytest.mark.asyncio
async def test_operations_of_a_mixin_count():
    class Mixin:
        @operation
        def mixed(self):
            return "mixed"

    class Mixed(Mixin, Sole):
        pass

    assert (await Mixed().orchestrate(CONTEXT, operation="mixed")).unwrap() == "mixed"


@pytest.mark.asyncio
async def test_options_without_meaning_are_refused():
    with pytest.raises(InvalidTimeoutError):
        operation(timeout=-1)
    with pytest.raises(InvalidOptionError):
        operation(retry=0)
    with pytest.raises(InvalidOptionError):
        operation(property(lambda self: 1))


@pytest.mark.asyncio
async def test_names_of_the_package_are_functions_not_modules_of_the_same_name():
    assert all(not inspect.ismodule(getattr(orchestra, name)) for name in orchestra.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        orchestra.nonsense  # noqa: B018
