"""No name of a parameter collides with Python's, structlog's, our logger's or the facade's own."""

from __future__ import annotations

import asyncio
import builtins
import inspect
import keyword
import logging
from typing import Any

import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestra import (
    BaseOrchestrator,
    OrchestrationContext,
    OrchestrationFacade,
    OrchestrationLayer,
    operation,
)
from orchestra.calls import Call
from orchestra.events import log_started
from orchestra.routing import run_operation

CONTEXT = OrchestrationContext("tenant", "request", {})


def parameters_of(*functions: Any) -> set[str]:
    return {name for function in functions for name in inspect.signature(function).parameters}


TAKEN = sorted(
    {
        *dir(builtins),
        *keyword.softkwlist,
        *vars(logging.LogRecord("n", 1, "p", 1, "m", (), None)),
        *parameters_of(
            OrchestrationFacade.orchestrate, OrchestrationFacade.call, OrchestrationFacade.__init__
        ),
        *parameters_of(log_started, run_operation, structlog.get_logger, structlog.BoundLogger.__init__),
        *parameters_of(BaseOrchestrator.__init__, BaseOrchestrator._log_orchestration_end),
        *Call.__slots__,
        *OrchestrationContext.__dataclass_fields__,
        *("event", "level", "logger", "depth", "timestamp", "exc_info", "stack_info", "extra", "log_level"),
        *(
            "orchestrator",
            "layer",
            "operation",
            "success",
            "duration",
            "params",
            "error",
            "cls",
            "self",
            "args",
        ),
        *("orchestrator_name", "context", "target", "kwargs", "name", "data", "metadata", "error_category"),
    }
)
NAMES = [
    name for name in TAKEN if name.isidentifier() and not keyword.iskeyword(name) and name != "__debug__"
]


def orchestrator_with(names: list[str], *, open_ended: bool) -> BaseOrchestrator:
    """Build a class with an operation whose parameters have these names."""
    listed = "**everything" if open_ended else f"*, {', '.join(names)}"
    returned = "everything" if open_ended else f"{{{', '.join(f'{name!r}: {name}' for name in names)}}}"
    this = "_this_" if open_ended or "self" in names else "self"
    namespace: dict[str, Any] = {"operation": operation}
    slash = "/, " if open_ended else ""
    exec(f"@operation\nasync def work({this}, {slash}{listed}):\n    return {returned}\n", namespace)

    def initialise(self: BaseOrchestrator) -> None:
        BaseOrchestrator.__init__(self, OrchestrationLayer.DOMAIN, "colliding")

    kind: Any = type("Colliding", (BaseOrchestrator,), {"work": namespace["work"], "__init__": initialise})
    made: BaseOrchestrator = kind()
    return made


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=8, unique=True), st.booleans())
def test_parameters_may_have_every_name_that_is_taken_elsewhere(names: Any, open_ended: Any) -> None:
    orchestrator = orchestrator_with(names, open_ended=open_ended)
    facade = OrchestrationFacade()
    facade.register(orchestrator)
    given_values = dict(zip(names, range(len(names)), strict=True))

    async def through_everything() -> None:
        assert await facade.call("colliding", "work", CONTEXT, **given_values) == given_values
        routed = {name: value for name, value in given_values.items() if name != "operation"}
        if open_ended or "operation" not in names:
            result = await facade.orchestrate("colliding", CONTEXT, operation="work", **routed)
            assert result.unwrap() == routed, result
            result = await orchestrator.orchestrate(CONTEXT, operation="work", **routed)
            assert result.unwrap() == routed, result
        orchestrator._log_orchestration_start(CONTEXT, **given_values)

    logging.getLogger("orchestra").setLevel(logging.INFO)
    try:
        asyncio.run(through_everything())
    finally:
        logging.getLogger("orchestra").setLevel(logging.NOTSET)


def test_the_list_of_names_is_not_empty_by_accident() -> None:
    assert {"self", "context", "event", "depth", "orchestrator_name", "print", "levelname", "kwargs"} <= set(
        NAMES
    )
