"""A project's code in a process of its own, for the command line.

`orchestra run` and `orchestra list --live` start the project's interpreter with this module, hand it one
request as JSON through a descriptor, and read answers through another, one JSON object a line, the last being
final. What the project prints is nobody's answer. Only the standard library and this package are imported on
the way.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from orchestra.context import OrchestrationContext
from orchestra.default import configure, get_orchestration_facade
from orchestra.discovery import Discovery, build_facade
from orchestra.errors import OrchestraError, WrongParametersError

if TYPE_CHECKING:
    from orchestra.closing import CloseReport
    from orchestra.entry import Entry
    from orchestra.facade import OrchestrationFacade

PROTOCOL = 1
"""What parent and child must agree on; raised with every change that an older side would not understand."""

DEEPEST = 50
"""How deep a result may be nested before the rest is printed as text; it may also contain itself."""

Answer = dict[str, Any]


def main(request_descriptor: int, answer_descriptor: int) -> int:
    """Answer one request; return 0 whatever the answer, since the answer says it all."""
    os.set_inheritable(answer_descriptor, False)
    with os.fdopen(request_descriptor, "rb") as stream:
        request = json.load(stream)
    channel = _Channel(answer_descriptor)
    try:
        channel.send(asyncio.run(_answered(request, channel)))
    except (KeyboardInterrupt, asyncio.CancelledError):  # SIGINT, SIGTERM
        channel.send({"interrupted": True})
    except Exception as error:  # noqa: BLE001 - foreign code at import, which may raise anything
        channel.send({"error": _described(error)})
    return 0


class _Channel:
    """Where answers go. A parent that has gone away is no reason to fail."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def send(self, answer: Answer) -> None:
        """Write one answer."""
        data = json.dumps(answer).encode() + b"\n"
        with suppress(BrokenPipeError):
            while data:
                data = data[os.write(self._descriptor, data) :]


async def _answered(request: Mapping[str, Any], channel: _Channel) -> Answer:
    work: Callable[[Mapping[str, Any], OrchestrationFacade, Discovery], Coroutine[Any, Any, Answer]]
    work = {"run": _run, "list": _list}[request["verb"]]
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    facade: OrchestrationFacade | None = None
    answer: Answer = {}
    try:
        async with asyncio.timeout(request.get("timeout")):
            facade, found = await _build(request)
            answer = await work(request, facade, found)
    except TimeoutError:
        answer = {"timed_out": True}
    finally:
        channel.send({"closing": True})
        if facade is not None:
            report = await facade.aclose()
            answer["warnings"] = [*answer.get("warnings", ()), *_complaints(report)]
    return answer


async def _build(request: Mapping[str, Any]) -> tuple[OrchestrationFacade, Discovery]:
    facade, found = await build_facade(
        request.get("app"), packages=request.get("packages", ()), factories=request.get("factories")
    )
    if get_orchestration_facade() is not facade:
        # Orchestrators that ask for the global facade mean this one.
        from orchestra.default import forget_facade

        forget_facade()
        configure(facade=lambda: facade)
        get_orchestration_facade()
    return facade, found


async def _run(request: Mapping[str, Any], facade: OrchestrationFacade, found: Discovery) -> Answer:
    name = request["name"]
    if not facade.is_registered(name):
        return {"unknown": name, "known": facade.list_names(), "warnings": _problems(found)}
    entry = await facade.registry.find_async(name)
    assert entry is not None
    params = {**request.get("params", {}), **_converted(entry, request)}
    if request.get("operation") is not None:
        params["operation"] = request["operation"]
    context = OrchestrationContext(
        request.get("tenant") or "cli",
        request.get("request_id") or str(uuid4()),
        dict(request.get("metadata") or {}),
        idempotency_key=request.get("idempotency_key"),
    )
    started = time.perf_counter()
    result = await facade.orchestrate(name, context, **params)
    elapsed = time.perf_counter() - started
    category = getattr(result, "error_category", None)
    exception = getattr(result, "exception", None)
    return {
        "result": {
            "name": name,
            "operation": request.get("operation") or entry.catalog.default,
            "success": bool(getattr(result, "success", False)),
            "data": plain(getattr(result, "data", None)),
            "error": plain(getattr(result, "error", None)),
            "error_category": plain(category),
            "duration_seconds": elapsed,
            "request_id": context.request_id,
        },
        "traceback": _trace(exception) if isinstance(exception, BaseException) else None,
        "warnings": _problems(found),
    }


async def _list(_request: Mapping[str, Any], facade: OrchestrationFacade, found: Discovery) -> Answer:
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
    return {"orchestrators": plain(rows), "warnings": _problems(found)}


def _converted(entry: Entry, request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that were given as text, as the operation's annotations say."""
    texts: Mapping[str, str] = request.get("texts", {})
    if not texts:
        return {}
    wanted = request.get("operation") or entry.catalog.default
    operation = entry.catalog.operations.get(wanted) if wanted is not None else None
    attribute = operation.attribute if operation is not None else "orchestrate"
    hints = _hints(getattr(type(entry.orchestrator), attribute, None))
    return {name: _value(name, text, hints.get(name)) for name, text in texts.items()}


def _hints(function: object) -> Mapping[str, Any]:
    import inspect
    import typing

    function = inspect.unwrap(function) if callable(function) else function
    try:
        return typing.get_type_hints(function)
    except Exception:  # noqa: BLE001 - names that exist for type checkers only
        return getattr(function, "__annotations__", {})


def _value(name: str, text: str, annotation: Any) -> Any:
    from orchestra.texts import NotConvertibleError, from_text

    try:
        return from_text(text, annotation)
    except NotConvertibleError as error:
        raise WrongParametersError(
            f"Parameter '{name}' is {text!r}, which is not {error.expected}",
            hint=f"Give {name}= a value of that type, or --params with JSON",
        ) from None


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


def _described(error: BaseException) -> Answer:
    code = error.code if isinstance(error, OrchestraError) else "project-code-failed"
    message = error.message if isinstance(error, OrchestraError) else f"{type(error).__name__}: {error}"
    hint = error.hint if isinstance(error, OrchestraError) else ""
    return {"code": code, "message": message, "hint": hint, "traceback": _trace(error)}


def _trace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def _problems(found: Discovery) -> list[str]:
    return [f"{name}: {type(error).__name__}: {error}" for name, error in found.problems.items()]


def _complaints(report: CloseReport) -> list[str]:
    errors = [f"cleanup of {name} failed: {error!r}" for name, error in report.errors.items()]
    overdue = [f"{one.what} of {one.orchestrator} did not end in time" for one in report.overdue]
    cut = [
        f"a call of {one.orchestrator} did not end in time and was cancelled" for one in report.interrupted
    ]
    return [*errors, *cut, *overdue]
