"""A context as HTTP-like headers: tenant, request, W3C trace, depth and what is left of the deadline.

Source: W3C Trace Context, https://www.w3.org/TR/trace-context/ (``traceparent``).
"""

from __future__ import annotations

import re
from secrets import token_hex
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

from orchestra.clock import current_clock
from orchestra.errors import MalformedHeaderError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestra.context import OrchestrationContext

    Context = TypeVar("Context", bound=OrchestrationContext)

TENANT = "x-tenant-id"
REQUEST = "x-request-id"
TRACE = "traceparent"
TIMEOUT = "x-timeout-seconds"
IDEMPOTENCY = "idempotency-key"

_TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?\Z"
)
_TRACE_ID = re.compile(r"(?!0{32})[0-9a-f]{32}\Z")


def context_from_headers(kind: type[Context], headers: Mapping[str, str]) -> Context:
    """Return the context; a missing request id is made up, a missing trace stays away.

    Raises MalformedHeaderError, naming the header, for a missing tenant and for what cannot be read. Header
    names count in any case.
    """
    found = {name.lower(): value.strip() for name, value in headers.items()}
    context = kind(
        tenant_id=_text(found, TENANT),
        request_id=_text(found, REQUEST) if REQUEST in found else str(uuid4()),
        trace_id=_trace(found.get(TRACE)),
        idempotency_key=found.get(IDEMPOTENCY),
    )
    seconds = _seconds(found.get(TIMEOUT))
    if seconds is not None:
        context.deadline = current_clock().monotonic() + seconds
    return context


def headers_from_context(context: OrchestrationContext) -> dict[str, str]:
    """Return the headers; a trace id that is not in W3C form is hashed into it, so that it stays one
    trace.
    """
    headers = {TENANT: context.tenant_id, REQUEST: context.request_id}
    if context.trace_id is not None:
        headers[TRACE] = f"00-{_w3c(context.trace_id)}-{token_hex(8)}-01"
    remaining = context.remaining()
    if remaining is not None:
        headers[TIMEOUT] = f"{remaining:.3f}"
    if context.idempotency_key is not None:
        headers[IDEMPOTENCY] = context.idempotency_key
    for name, value in headers.items():
        if not value.isprintable():
            raise MalformedHeaderError(f"{name} would hold a line break or a control character", header=name)
    return headers


def _text(found: Mapping[str, str], header: str) -> str:
    value = found.get(header, "")
    if not value or len(value) > 256 or not value.isprintable():
        raise MalformedHeaderError(
            f"{header} is {'missing' if not value else 'not readable'}",
            hint=f"Send {header} with 1 to 256 printable characters",
            header=header,
        )
    return value


def _trace(value: str | None) -> str | None:
    if value is None:
        return None
    match = _TRACEPARENT.match(value)
    if match is None:
        raise MalformedHeaderError(
            f"{TRACE} is not a W3C trace context",
            hint="It looks like 00-<32 hex digits>-<16 hex digits>-01",
            header=TRACE,
        )
    return match.group(1)


def _seconds(value: str | None) -> float | None:
    if value is None:
        return None
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value) is None:
        raise MalformedHeaderError(
            f"{TIMEOUT} is no number of seconds", hint="Send a decimal number such as 2.5", header=TIMEOUT
        )
    return float(value)


def _w3c(trace_id: str) -> str:
    plain = trace_id.replace("-", "").lower()
    if _TRACE_ID.match(plain):
        return plain
    from hashlib import blake2b

    return blake2b(trace_id.encode(), digest_size=16).hexdigest()
