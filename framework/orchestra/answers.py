"""What a child process answers to the command line; see :mod:`orchestra.child`."""

from __future__ import annotations

import math
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from orchestra.arguments import arguments, chosen_operation
from orchestra.context import OrchestrationContext
from orchestra.errors import DeadlineExceededError

if TYPE_CHECKING:
    from orchestra.discovery import Discovery
    from orchestra.facade import OrchestrationFacade

DEEPEST = 50
"""How deep a result may be nested before the rest is printed as text; it may also contain itself."""

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, the project that it is about, and a way to send what is there before the end."""

    request: Mapping[str, Any]
    facade: OrchestrationFacade
    found: Discovery
    send: Callable[[Answer], None]
    started: float
    """When the request came, on the monotonic clock: building counts as well."""


async def run(call: Asked) -> Answer:
    """Run an operation, or read a stream to its end, and answer with the result."""
    request, facade, found = call.request, call.facade, call.found
    name = request["name"]
    if not facade.is_registered(name):
        return _unknown(name, facade, found)
    entry = await facade.registry.find_async(name)
    assert entry is not None
    chosen = chosen_operation(entry, request.get("operation"))
    params = arguments(entry, chosen, request.get("params", {}), request.get("texts", {}))
    context = _context(request, call.started)
    started = time.perf_counter()
    if request.get("backend") == "durable":
        from orchestra.durable.extra import check_installed

        check_installed()
        from orchestra.durable import commands

        operation = request.get("operation") or (chosen.name if chosen is not None else None)
        if request.get("detach"):
            return {**await commands.enqueue(call, operation, context, params), "warnings": problems(found)}
        result = await commands.run(call, operation, context, params)
    elif chosen is not None and chosen.kind == "stream":
        result = await _streamed(call, chosen.name, context, params)
    else:
        named = request.get("operation")
        result = await facade.orchestrate(
            name, context, **params, **({} if named is None else {"operation": named})
        )
    elapsed = time.perf_counter() - started
    exception = getattr(result, "exception", None)
    if isinstance(exception, DeadlineExceededError) and context.remaining() == 0:
        return {"timed_out": True, "warnings": problems(found)}
    return {
        "result": {
            "name": name,
            "operation": request.get("operation") or (chosen.name if chosen is not None else None),
            "success": bool(getattr(result, "success", False)),
            "data": plain(getattr(result, "data", None)),
            "error": plain(getattr(result, "error", None)),
            "error_category": plain(getattr(result, "error_category", None)),
            "duration_seconds": elapsed,
            "request_id": context.request_id,
        },
        "is_stream": chosen is not None and chosen.kind == "stream",
        "traceback": trace_of(exception) if isinstance(exception, BaseException) else None,
        "warnings": problems(found),
    }


def _context(request: Mapping[str, Any], since: float) -> OrchestrationContext:
    context = OrchestrationContext(
        request.get("tenant") or "cli",
        request.get("request_id") or str(uuid4()),
        dict(request.get("metadata") or {}),
        idempotency_key=request.get("idempotency_key"),
    )
    timeout = request.get("timeout")
    return context if timeout is None else context.with_timeout(max(0.0, since + timeout - time.monotonic()))


async def _streamed(
    call: Asked, operation: str, context: OrchestrationContext, params: Mapping[str, Any]
) -> Any:
    """Send each item as it comes; return a result object that counts them."""
    count = 0
    try:
        async with call.facade.stream(call.request["name"], operation, context, **params) as items:
            async for item in items:
                call.send({"item": plain(item)})
                count += 1
    except Exception as error:  # noqa: BLE001 - as in a call: an exception becomes a failure that keeps it
        return call.facade.results.fail(error)
    return call.facade.results.kind.ok(items=count)


async def explain(call: Asked) -> Answer:
    """Answer with what the operations of an orchestrator take."""
    name, facade, found = call.request["name"], call.facade, call.found
    if not facade.is_registered(name):
        return _unknown(name, facade, found)
    entry = await facade.registry.find_async(name)
    assert entry is not None
    from orchestra.explanation import explained

    return {"explained": explained(entry), "warnings": problems(found)}


def _unknown(name: str, facade: OrchestrationFacade, found: Discovery) -> Answer:
    return {"unknown": name, "known": facade.list_names(), "warnings": problems(found)}


async def list_all(call: Asked) -> Answer:
    """Answer with what is registered; what cannot be built is a warning."""
    facade, found = call.facade, call.found
    rows: list[Answer] = []
    for name in facade.list_names():
        try:
            entry = await facade.registry.find_async(name)
        except Exception as error:  # noqa: BLE001 - a factory is foreign code
            found.problems[name] = error
            continue
        if entry is not None:
            described = entry.describe()
            module = sys.modules.get(described["module"])
            rows.append({"name": name, **described, "path": getattr(module, "__file__", None)})
    return {"orchestrators": plain(rows), "warnings": problems(found)}


def plain(value: Any, depth: int = 0) -> Any:
    """Return a value as JSON can hold it; what JSON does not know becomes its text."""
    from dataclasses import fields, is_dataclass
    from enum import Enum

    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if is_dataclass(value) and not isinstance(value, type):
        value = {each.name: getattr(value, each.name, None) for each in fields(value)}
    if depth < DEEPEST and isinstance(value, Mapping):
        return {str(key): plain(item, depth + 1) for key, item in value.items()}
    if depth < DEEPEST and isinstance(value, list | tuple | set | frozenset):
        return [plain(item, depth + 1) for item in value]
    return str(value)


def trace_of(error: BaseException) -> str:
    """Return the traceback as text."""
    return "".join(traceback.format_exception(error))


def problems(found: Discovery) -> list[str]:
    """Return what could not be imported or built, a line each."""
    return [f"{name}: {type(error).__name__}: {error}" for name, error in found.problems.items()]
