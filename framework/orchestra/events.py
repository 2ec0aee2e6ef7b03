"""The two events of a call, ``orchestration_started`` and ``orchestration_completed``.

Parameters stand in one nested field, so that no name collides with a field or with structlog. Of an exception
only its type is logged and where it was raised: its text may hold what the caller passed.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from orchestra.log import INFO, WARNING, get_logger, is_enabled
from orchestra.redaction import Redactor
from orchestra.results import category_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestra.context import OrchestrationContext
    from orchestra.runtime import Runtime

_DEFAULT_REDACTOR = Redactor()


def log_started(
    runtime: Runtime,
    context: OrchestrationContext,
    operation: object,
    params: Mapping[str, Any],
    redactor: Redactor = _DEFAULT_REDACTOR,
) -> None:
    """Log that a call begins, at INFO."""
    if not is_enabled(INFO):
        return
    with suppress(Exception):  # a parameter that cannot be summarised must not fail the call either
        shown = {name: value for name, value in params.items() if name != "operation"}
        fields = _fields(runtime, context, operation)
        _write("info", "orchestration_started", {**fields, "params": redactor.summarise(shown)})


def log_completed(
    runtime: Runtime,
    context: OrchestrationContext,
    operation: object,
    result: Any,
    duration: float | None,
) -> None:
    """Log how a call ended: at INFO, a failure at WARNING."""
    success = bool(getattr(result, "success", True))
    level = INFO if success else WARNING
    if not is_enabled(level):
        return
    fields = _fields(runtime, context, operation)
    fields["success"] = success
    if duration is not None:
        fields["duration"] = round(duration, 6)
    if not success:
        fields["error_category"] = category_name(result).lower()
        metadata = getattr(result, "metadata", None)
        error = metadata.get("exception") if isinstance(metadata, dict) else None
        if isinstance(error, BaseException):
            fields.update(describe(error))
    _write("info" if success else "warning", "orchestration_completed", fields)


def _write(level: str, event: str, fields: dict[str, Any]) -> None:
    # A processor of the program that raises must not fail the call that it would have told of.
    with suppress(Exception):
        getattr(get_logger(), level)(event, **fields)


def describe(error: BaseException) -> dict[str, Any]:
    """Return the type of an exception and the line that raised it; never its text."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    fields = {"error_type": type(error).__name__}
    if trace is not None:
        fields["error_at"] = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
    return fields


def _fields(runtime: Runtime, context: OrchestrationContext, operation: object) -> dict[str, Any]:
    fields: dict[str, Any] = dict(runtime.identity())
    fields.update(
        operation=operation,
        tenant_id=context.tenant_id,
        request_id=context.request_id,
        trace_id=context.trace_id,
        depth=context.orchestration_depth,
    )
    return fields
