"""Routed calls refuse what certainly does not fit an annotation, and nothing else."""

from __future__ import annotations

import datetime as dt
import functools
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, NewType, Protocol, TypedDict, TypeVar
from unittest.mock import MagicMock, Mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestra import (
    BaseOrchestrator,
    ErrorCategory,
    OrchestrationContext,
    OrchestrationFacade,
    OrchestrationLayer,
    StepResult,
    background,
    operation,
)
from orchestra.errors import WrongParametersError
from orchestra.expected import expected_of
from orchestra.fitting import MOST_KNOWN
from orchestra.references import Ref

if TYPE_CHECKING:
    from decimal import Context as OnlyForCheckers  # noqa: F401 - named in texts below

CONTEXT = OrchestrationContext("tenant", "request", {})
T = TypeVar("T")
UserId = NewType("UserId", int)


class Colour(Enum):
    RED = "red"


class Router:
    pass


class Fast(Router):
    pass


class Box(Generic[T]):
    pass


class Row(TypedDict):
    name: str


class Talks(Protocol):
    def talk(self) -> str: ...


@typing.runtime_checkable
class Closes(Protocol):
    def close(self) -> None: ...


class Door:
    def close(self) -> None:
        pass


def taking(annotation: Any, default: Any = None, **options: Any) -> BaseOrchestrator:
    """Return an orchestrator whose operation takes ``it``, annotated so."""

    async def take(self: Any, it: Any) -> Any:
        return it

    take.__annotations__ = {"it": annotation}
    if default is not None:
        take.__defaults__ = (default[0],)
    marked: Any = operation(**options)(take)
    kind = types.new_class("Taking", (BaseOrchestrator,), {}, lambda space: space.update(take=marked))
    made: BaseOrchestrator = kind(OrchestrationLayer.DOMAIN, "taking")
    return made


async def outcome(orchestrator: BaseOrchestrator, value: Any) -> StepResult:
    result: StepResult = await orchestrator.orchestrate(CONTEXT, it=value)
    return result


FITS: list[tuple[Any, Any]] = [
    (int, 1),
    (int, True),
    (float, 1),
    (float, Fraction(1, 2)),
    (complex, 1.5),
    (bytes, bytearray(b"x")),
    (str, type("Text", (str,), {})("x")),
    (int | None, None),
    ("int | str", "x"),
    ("typing.Optional[int]", None),
    (list[int], ["not looked into"]),
    (Sequence[str], ("a",)),
    (Mapping[str, Any], {}),
    (Callable[[], None], print),
    (type[Router], Fast),
    (Literal["a", 3], 3),
    (Annotated[int, "unit"], 5),
    (UserId, 7),
    (Colour, Colour.RED),
    (Router, Fast()),
    (Router, Mock()),
    (Router, MagicMock(spec=Router)),
    (Box[int], Box()),
    (Row, {"name": "x"}),
    (Path, Path()),
    (tuple[int, int], [1, 2]),
    (dt.date, dt.datetime(2026, 1, 1)),  # noqa: DTZ001 - a naive time is a date as good as any
    (Closes, Door()),
    (None, None),
]
UNJUDGED: list[Any] = [
    Any,
    object,
    T,
    Talks,
    "OnlyForCheckers",
    "OnlyForCheckers | None",
    "typing.Optional[OnlyForCheckers]",
    "int | OnlyForCheckers",
    "not even [ syntax",
    "1 / 0",
    3,
    typing.Never,
]
MISFITS: list[tuple[Any, Any]] = [
    (int, "1"),
    (int, 1.0),
    (int, None),
    (float, "1.0"),
    (float, Decimal(1)),
    (bool, 1),
    (str, b"x"),
    (bytes, "x"),
    ("int", "1"),
    ("int | None", "1"),
    ("list[OnlyForCheckers]", "one"),
    (list[int], (1,)),
    (Sequence[str], 5),
    (Callable[[], None], 5),
    (type[Router], Router()),
    (Literal["a", "b"], "c"),
    (Annotated[int, "unit"], "5"),
    (UserId, "7"),
    (Colour, "red"),
    (Router, "fast"),
    (Router, Door()),
    (Box[int], []),
    (Row, []),
    (Path, "a/b"),
    (dt.datetime, dt.date(2026, 1, 1)),
    (Closes, Router()),
    (None, 0),
]


@pytest.mark.asyncio
@pytest.mark.parametrize(("annotation", "value"), FITS)
async def test_what_fits_reaches_the_operation_the_first_time_and_the_second(
    annotation: Any, value: Any
) -> None:
    orchestrator = taking(annotation)

    for _ in range(2):
        assert (await outcome(orchestrator, value)).unwrap() is value


@pytest.mark.asyncio
@pytest.mark.parametrize("annotation", UNJUDGED)
async def test_an_annotation_that_says_nothing_for_sure_refuses_nothing(annotation: Any) -> None:
    orchestrator = taking(annotation)

    values: list[Any] = [None, 1, "text", [], Router(), Router]
    for value in values:
        assert (await outcome(orchestrator, value)).unwrap() is value


@pytest.mark.asyncio
@pytest.mark.parametrize(("annotation", "value"), MISFITS)
async def test_what_certainly_does_not_fit_is_a_validation_failure(annotation: Any, value: Any) -> None:
    orchestrator = taking(annotation)

    for _ in range(2):
        result = await outcome(orchestrator, value)
        assert result.error_category is ErrorCategory.VALIDATION
        assert isinstance(result.exception, WrongParametersError)
        assert result.exception.wrong == ["it"]
        assert not result.retryable


class Shop(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(OrchestrationLayer.DOMAIN, "shop")

    @operation
    async def order(
        self, count: int, colour: Colour | None = None, *, note: str = "", context: OrchestrationContext
    ) -> Any:
        return count, colour, note

    @operation(check_types=False)
    async def anything(self, count: int) -> Any:
        return count

    @operation
    async def positional(self, count: int, /, **more: int) -> Any:
        return count, more

    @operation(timeout=5, retry=2)
    async def guarded(self, count: int) -> Any:
        return count


@pytest.fixture
def shop(facade: OrchestrationFacade) -> Shop:
    shop = Shop()
    facade.register(shop)
    return shop


@pytest.mark.asyncio
async def test_the_error_names_the_parameter_what_was_given_what_fits_and_the_way_out(
    facade: OrchestrationFacade, shop: Shop
) -> None:
    result = await facade.orchestrate("shop", CONTEXT, operation="order", count="many", colour="red")

    assert result.error == (
        "Wrong parameters for operation 'order' of 'shop': 'count' is str, not int; 'colour' is str, not "
        "Colour | None. It takes (count: int, colour: Colour | None = None, *, note: str = '', "
        "context: OrchestrationContext) -> Any; to take such values, widen the annotation or say "
        "@operation(check_types=False)"
    )


@pytest.mark.asyncio
async def test_all_that_is_wrong_stands_in_one_error(facade: OrchestrationFacade, shop: Shop) -> None:
    result = await facade.orchestrate("shop", CONTEXT, operation="order", note=3, colours=1)

    assert isinstance(result.exception, WrongParametersError)
    assert (result.exception.wrong, result.exception.missing) == (["note"], ["count"])
    assert result.exception.unexpected == ["colours"]


@pytest.mark.asyncio
async def test_the_value_itself_is_not_in_the_error(facade: OrchestrationFacade, shop: Shop) -> None:
    result = await facade.orchestrate("shop", CONTEXT, operation="order", count="hunter2")

    assert "hunter2" not in str(result.error)


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["positional", "guarded"])
async def test_every_kind_of_operation_is_checked(facade: OrchestrationFacade, shop: Shop, name: str) -> None:
    wrong = await facade.orchestrate("shop", CONTEXT, operation=name, count="1")
    right = await facade.orchestrate("shop", CONTEXT, operation=name, count=1)

    assert (wrong.error_category, right.success) == (ErrorCategory.VALIDATION, True)


@pytest.mark.asyncio
async def test_calls_that_keep_a_legacy_contract_are_not_checked(
    facade: OrchestrationFacade, shop: Shop
) -> None:
    given: Any = "1"

    assert await facade.call("shop", "order", CONTEXT, given) == ("1", None, "")
    assert await facade.call(shop, "guarded", CONTEXT, count=given) == "1"
    assert await shop.order(given, context=CONTEXT) == ("1", None, "")


@pytest.mark.asyncio
async def test_an_operation_may_switch_the_check_off(facade: OrchestrationFacade, shop: Shop) -> None:
    assert (await facade.orchestrate("shop", CONTEXT, operation="anything", count="1")).unwrap() == "1"


@pytest.mark.asyncio
async def test_a_default_always_fits_whatever_its_annotation_says() -> None:
    assert (await outcome(taking(int, default=[None]), None)).unwrap() is None
    assert (await outcome(taking(int, default=[0.5]), 1.5)).unwrap() == 1.5
    missing = object()
    sentinel = taking(int, default=[missing])
    assert (await outcome(sentinel, missing)).unwrap() is missing
    assert not (await outcome(sentinel, object())).success


@pytest.mark.asyncio
async def test_a_name_of_the_class_body_is_meant_before_one_of_the_module() -> None:
    class Nested(BaseOrchestrator):
        class Colour(Enum):
            GREEN = "green"

        @operation
        async def paint(self, colour: Colour) -> Any:
            return colour

    nested = Nested(OrchestrationLayer.DOMAIN, "nested")

    assert (await nested.orchestrate(CONTEXT, colour=Nested.Colour.GREEN)).success
    assert not (await nested.orchestrate(CONTEXT, colour=Colour.RED)).success


@pytest.mark.asyncio
async def test_below_a_foreign_decorator_nothing_is_judged_since_it_may_convert() -> None:
    def converting(function: Any) -> Any:
        @functools.wraps(function)
        async def wrapper(self: Any, **params: Any) -> Any:
            return await function(self, **{name: int(value) for name, value in params.items()})

        return wrapper

    class Converting(BaseOrchestrator):
        @operation
        @converting
        async def take(self, count: int) -> Any:
            return count

    made = Converting(OrchestrationLayer.DOMAIN, "converting")

    assert (await made.orchestrate(CONTEXT, count="3")).unwrap() == 3


@pytest.mark.asyncio
async def test_a_class_with_background_tasks_is_judged_as_any_other() -> None:
    class Busy(BaseOrchestrator):
        @background(interval=60)
        async def tick(self) -> None: ...

        @operation
        async def take(self, count: int) -> Any:
            return count

    class Busier(Busy):
        pass

    for kind in (Busy, Busier):
        busy = kind(OrchestrationLayer.DOMAIN, "busy", start="manual")
        result = await busy.orchestrate(CONTEXT, count="1")
        assert result.error_category is ErrorCategory.VALIDATION, kind
        await busy.cleanup()


@pytest.mark.asyncio
async def test_a_class_that_was_imported_twice_fits() -> None:
    twin = type("Router", (), {"__module__": "src." + Router.__module__})
    stranger = type("Router", (), {"__module__": "elsewhere"})

    assert (await outcome(taking(Router), twin())).success
    assert not (await outcome(taking(Router), stranger())).success


@pytest.mark.asyncio
async def test_values_that_raise_when_they_are_asked_are_left_alone() -> None:
    class Touchy:
        def __eq__(self, other: object) -> bool:
            raise RuntimeError

        __hash__ = None  # type: ignore[assignment]

    touchy = Touchy()

    assert (await outcome(taking(Literal["a"]), touchy)).unwrap() is touchy


@pytest.mark.asyncio
async def test_classes_that_are_made_at_run_time_do_not_pile_up() -> None:
    orchestrator = taking(Router)
    for _ in range(MOST_KNOWN * 2):
        assert (await outcome(orchestrator, type("Made", (Router,), {})())).success

    from orchestra.catalog import catalog_of

    assert len(catalog_of(type(orchestrator)).operations["take"].fitting.known["it"]) == MOST_KNOWN


@pytest.mark.asyncio
async def test_what_a_reference_stands_for_is_judged_not_the_reference(facade: OrchestrationFacade) -> None:
    class Lasting(BaseOrchestrator):
        @operation(durable=True)
        async def take(self, router: Router) -> Any:
            return router

    facade.register(Lasting(OrchestrationLayer.DOMAIN, "lasting"))
    facade.resolve_with("router", {1: Fast(), 2: Door()}.__getitem__)

    assert (await facade.orchestrate("lasting", CONTEXT, router=Ref("router", 1))).success
    wrong = await facade.orchestrate("lasting", CONTEXT, router=Ref("router", 2))
    assert "'router' is Door, not Router" in str(wrong.error)


ATOMS: list[Any] = [
    *(int, float, complex, bool, str, bytes, type(None), object, Decimal, Fraction, dt.date, dt.timedelta),
    *(Colour, UserId, Row, Box, Literal["a", 3], Callable[[int], str], type[Router]),
]
ANNOTATIONS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        inner.map(lambda one: list[one]),  # type: ignore[valid-type]
        inner.map(lambda one: typing.Optional[one]),  # noqa: UP045 - `|` has no meaning for every member
        inner.map(lambda one: Annotated[one, "noted"]),
        inner.map(lambda one: Sequence[one]),  # type: ignore[valid-type]
        inner.map(lambda one: dict[str, one]),  # type: ignore[valid-type]
        inner.map(lambda one: tuple[one, ...]),  # type: ignore[valid-type]
        st.tuples(inner, inner).map(lambda two: typing.Union[two]),  # noqa: UP007 - as above
    ),
    max_leaves=4,
)


@settings(max_examples=60, deadline=None)
@given(ANNOTATIONS, st.data())
def test_no_value_is_refused_that_a_generator_of_the_type_makes(annotation: Any, data: Any) -> None:
    value = data.draw(st.from_type(annotation))
    expected = expected_of(annotation)

    assert expected is None or expected.fits(value)
