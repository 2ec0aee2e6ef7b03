"""Contexts and results as values: copies, pickles, headers."""

from __future__ import annotations

import copy
import pickle
import threading
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra import ErrorCategory, OrchestrationContext, StepResult
from orchestra.clock import use_clock
from orchestra.errors import MalformedHeaderError, OrchestraError, OrchestratorNotFoundError, StepFailedError
from orchestra.testing import FakeClock

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_a_child_context_leaves_its_parent_unchanged() -> None:
    parent = OrchestrationContext("t", "r", {"a": 1}, trace_id="x", idempotency_key="k")
    child = parent.create_child_context("me")
    child.metadata["b"] = 2

    assert (child.orchestration_depth, child.parent_orchestrator, child.trace_id) == (1, "me", "x")
    assert child.idempotency_key is None
    assert parent == OrchestrationContext("t", "r", {"a": 1}, trace_id="x", idempotency_key="k")


def test_metadata_is_optional_and_never_shared() -> None:
    one, two = OrchestrationContext("t", "r"), OrchestrationContext("t", "r")
    assert one.metadata == {}
    assert one.metadata is not two.metadata


def test_contexts_survive_pickling_with_their_deadline(fake_clock: FakeClock) -> None:
    context = OrchestrationContext("t", "r", {"a": 1}, trace_id="x").with_timeout(10)

    assert pickle.loads(pickle.dumps(context)) == context
    assert copy.copy(context) == context


@pytest.mark.parametrize(
    "result",
    [
        StepResult.ok(a=1),
        StepResult.fail("no", ErrorCategory.TIMEOUT, extra=1),
        StepResult.skip("later"),
        StepResult.uncertain("who knows", x=1),
    ],
)
def test_results_survive_pickling(result: Any) -> None:
    assert pickle.loads(pickle.dumps(result)) == result


def test_a_result_with_an_exception_that_cannot_be_pickled_survives_too() -> None:
    error = ValueError("text")
    vars(error)["lock"] = threading.Lock()
    again = pickle.loads(pickle.dumps(StepResult.fail(error)))

    assert str(again.exception) == "ValueError: text"
    assert again.error == "text"


def test_errors_survive_pickling_and_keep_their_text_plain() -> None:
    error = OrchestratorNotFoundError("Orchestrator 'x' not found", hint="Register it", name="x")
    again = pickle.loads(pickle.dumps(error))

    assert type(again) is OrchestratorNotFoundError
    assert issubclass(type(again), KeyError)
    assert str(again) == str(error) == "Orchestrator 'x' not found. Register it"
    assert again.name == "x"


def test_every_error_has_its_own_code_and_a_known_category() -> None:
    kinds = OrchestraError.__subclasses__()
    codes = [kind.code for kind in kinds if kind.__module__ == "orchestra.errors"]
    assert len(set(codes)) == len(codes)
    assert {kind.category for kind in kinds} <= set(ErrorCategory.__members__)


def test_results_say_what_the_guide_says() -> None:
    assert StepResult.ok(data={"a": 1}) == StepResult.ok(a=1)
    assert StepResult.ok(result=5).unwrap() == 5
    assert StepResult.ok(a=1, b=2).unwrap() == {"a": 1, "b": 2}
    assert StepResult.fail("x").retryable is False
    assert StepResult.fail("x", error_category=ErrorCategory.NETWORK).should_retry(2)
    assert not StepResult.fail("x", error_category=ErrorCategory.NETWORK).should_retry(3)
    assert not StepResult.ok().should_retry(1)
    assert StepResult.fail(ValueError("bad")).to_dict() == {
        "success": False,
        "data": {},
        "error": "bad",
        "error_category": "validation",
        "retryable": False,
        "metadata": {"exception": {"type": "ValueError", "message": "bad"}},
    }
    with pytest.raises(StepFailedError, match="x"):
        StepResult.fail("x").unwrap()
    with pytest.raises(ValueError, match="bad"):
        StepResult.fail(ValueError("bad")).unwrap()


def test_headers_carry_tenant_request_trace_and_what_is_left_of_the_deadline(fake_clock: FakeClock) -> None:
    context = OrchestrationContext(
        "t", "r", {"not": "sent"}, trace_id=TRACE, idempotency_key="k"
    ).with_timeout(5)
    headers = context.to_headers()
    again = OrchestrationContext.from_headers({name.upper(): value for name, value in headers.items()})

    assert headers["traceparent"].startswith(f"00-{TRACE}-")
    assert (again.tenant_id, again.request_id, again.trace_id, again.remaining()) == ("t", "r", TRACE, 5)
    assert (again.metadata, again.idempotency_key) == ({}, "k")


@pytest.mark.parametrize("text", ["a\r\nx-admin: yes", "a\x00"])
def test_nothing_that_breaks_a_header_is_sent(text: str) -> None:
    with pytest.raises(MalformedHeaderError, match="x-tenant-id would hold a line break"):
        OrchestrationContext(text, "r").to_headers()


def test_a_pickled_deadline_means_the_same_moment_on_a_machine_with_another_clock() -> None:
    with use_clock(FakeClock(start=1000.0, epoch=1_700_000_000.0)):
        sent = pickle.dumps(OrchestrationContext("t", "r").with_timeout(60))
    with use_clock(FakeClock(start=5.0, epoch=1_700_000_010.0)):
        assert pickle.loads(sent).remaining() == 50


def test_a_trace_of_another_form_stays_one_trace() -> None:
    sent = [OrchestrationContext("t", "r", trace_id="my trace").to_headers()["traceparent"] for _ in range(2)]
    assert sent[0][:36] == sent[1][:36]


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        ({}, "x-tenant-id"),
        ({"x-tenant-id": ""}, "x-tenant-id"),
        ({"x-tenant-id": "a\nb"}, "x-tenant-id"),
        ({"x-tenant-id": "t", "x-request-id": "x" * 300}, "x-request-id"),
        ({"x-tenant-id": "t", "traceparent": "00-short-01"}, "traceparent"),
        ({"x-tenant-id": "t", "traceparent": f"00-{'0' * 32}-{'1' * 16}-01"}, "traceparent"),
        ({"x-tenant-id": "t", "x-timeout-seconds": "-1"}, "x-timeout-seconds"),
        ({"x-tenant-id": "t", "x-timeout-seconds": "nan"}, "x-timeout-seconds"),
    ],
)
def test_a_malformed_header_is_named(headers: Any, named: Any) -> None:
    with pytest.raises(MalformedHeaderError) as caught:
        OrchestrationContext.from_headers(headers)
    assert caught.value.header == named


@given(st.dictionaries(st.sampled_from(["x-tenant-id", "traceparent", "x-timeout-seconds"]), st.text()))
def test_no_header_breaks_the_reader_in_another_way(headers: Any) -> None:
    with suppress(MalformedHeaderError):
        OrchestrationContext.from_headers(headers)
