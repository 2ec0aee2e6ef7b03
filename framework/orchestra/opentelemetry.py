"""A span per call, with the extra ``opentelemetry``. A facade that was not instrumented knows nothing of
it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from orchestra.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestra.calls import Call
    from orchestra.facade import OrchestrationFacade


def instrument(facade: OrchestrationFacade, tracer_provider: Any = None) -> None:
    """Give each call of the facade a span, if a real tracer provider is set; with none nothing is changed.

    Attributes are orchestrator, layer, operation, tenant, request and depth; of a failure its category and
    the exception's type, never its text. Raises MissingExtraError when opentelemetry-api is not installed.
    """
    try:
        from opentelemetry import trace
    except ImportError as error:
        raise MissingExtraError(
            "instrument() needs opentelemetry-api",
            hint="Install it: pip install 'orchestra-framework[opentelemetry]'",
            extra="opentelemetry",
        ) from error
    provider = tracer_provider or trace.get_tracer_provider()
    if tracer_provider is None and type(provider).__name__ in ("ProxyTracerProvider", "NoOpTracerProvider"):
        return
    facade.spans = Spans(provider.get_tracer("orchestra"), trace)


class Spans:
    """Opens and ends the spans of one facade."""

    def __init__(self, tracer: Any, trace: Any) -> None:
        self._tracer = tracer
        self._trace = trace

    @contextmanager
    def around(self, call: Call) -> Iterator[Any]:
        """Run a block within a span of the call; an exception marks it as failed by its type."""
        attributes = {
            "orchestra.orchestrator": call.name,
            "orchestra.layer": call.layer or "",
            "orchestra.operation": str(call.operation or ""),
            "orchestra.tenant_id": call.context.tenant_id,
            "orchestra.request_id": call.context.request_id,
            "orchestra.depth": call.depth,
        }
        with self._tracer.start_as_current_span(
            f"orchestrate {call.name}",
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield span
            except BaseException as error:
                self.fail(span, type(error).__name__)
                raise

    def fail(self, span: Any, kind: str) -> None:
        """Mark a span as failed, with the category or the exception's type."""
        span.set_attribute("orchestra.error", kind)
        span.set_status(self._trace.Status(self._trace.StatusCode.ERROR, kind))
