"""What crosses to another process comes back as it was, or is refused by name."""

from __future__ import annotations

import json
import math
from datetime import date
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra import InvalidOptionError, NotSerializableError, OrchestrationContext, Ref, operation
from orchestra.catalog import catalog_of
from orchestra.envelopes import RESERVED, as_json, context_as_json, context_of_json, parameters_as_json
from orchestra.versions import version_of

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
names = st.text().filter(lambda name: name not in RESERVED)
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(names, inner), max_leaves=20)


class Colour(Enum):
    RED = "red"


@given(values)
def test_what_is_accepted_comes_back_as_it_was(value: Any) -> None:
    back = json.loads(json.dumps(as_json(value, "value")))
    assert back == value
    assert repr(back) == repr(value)


@pytest.mark.parametrize(
    "value",
    [
        date(2026, 1, 1),
        b"bytes",
        {1, 2},
        Colour.RED,
        math.nan,
        math.inf,
        object(),
        {1: "a"},
        {"$ref": 1},
        print,
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("where", ["order", "order.lines[1].price"])
def test_what_json_would_change_or_drop_is_refused_by_name(value: Any, where: str) -> None:
    params: dict[str, Any] = {"order": value}
    if where != "order":
        params = {"order": {"lines": [{"price": 1}, {"price": value}]}}
    with pytest.raises(NotSerializableError) as refused:
        parameters_as_json(params)
    assert refused.value.where == where
    assert f"'{where}'" in refused.value.message
    assert 'order=Ref("kind", id)' in refused.value.hint


def test_what_contains_itself_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(NotSerializableError, match="contains itself"):
        parameters_as_json({"loop": loop})


def test_a_reference_and_a_tuple_are_written() -> None:
    assert parameters_as_json({"who": Ref("customer", 5), "where": (1, 2)}) == {
        "who": {"$ref": ["customer", 5]},
        "where": [1, 2],
    }


def test_a_context_crosses_with_its_deadline_on_the_other_clock() -> None:
    context = OrchestrationContext("t", "r", {"a": [1]}, "trace", "parent", 2, idempotency_key="k")
    context = context.with_timeout(60)
    back = context_of_json(json.loads(json.dumps(context_as_json(context))))
    remaining = back.remaining()
    assert remaining is not None
    assert 59 < remaining <= 60
    back.deadline = context.deadline
    assert back == context


def test_a_version_is_what_was_said_else_a_digest_of_the_source() -> None:
    class Versioned:
        @operation(durable=True, version="2")
        async def said(self) -> None: ...

        @operation(durable=True)
        async def digested(self) -> None: ...

    operations = catalog_of(Versioned).operations
    assert version_of(Versioned, operations["said"]) == "2"
    assert len(version_of(Versioned, operations["digested"])) == 12


def test_a_version_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(InvalidOptionError, match="version"):
        operation(durable=True, version="a@b")


def test_a_durable_stream_is_refused() -> None:
    class Streaming:
        @operation(durable=True)
        async def items(self) -> Any:
            yield 1

    with pytest.raises(InvalidOptionError, match="async generator"):
        catalog_of(Streaming)
