"""`orchestra run`: from what was typed to a request, from the answer to a report and an exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestra_cli.absent import check_known
from orchestra_cli.durable import check_timeout, show_enqueued
from orchestra_cli.errors import (
    InvalidValueError,
    MalformedParameterError,
    OrchestratorTimeoutError,
)
from orchestra_cli.items import PRINTERS, ReaderGone
from orchestra_cli.reports.result import ResultReport
from orchestra_cli.session import Session
from orchestra_cli.terminal import write_error

FAILED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """What was typed."""

    name: str
    operation: str | None = None
    parameters: tuple[str, ...] = ()
    params: str | None = None
    tenant: str | None = None
    request_id: str | None = None
    idempotency_key: str | None = None
    metadata: tuple[str, ...] = ()
    timeout: float | None = None
    backend: str = "local"
    store: str | None = None
    detaches: bool = False

    def request(self) -> dict[str, Any]:
        """Return the request to the child. Raises MalformedParameterError and InvalidValueError."""
        check_timeout(self.timeout)
        if self.backend == "local" and (self.store is not None or self.detaches):
            option = "--store" if self.store is not None else "--detach"
            raise InvalidValueError(
                f"{option} is for durable runs, and this one is not", hint="Add --backend durable."
            )
        return {
            "verb": "run",
            "name": self.name,
            "operation": self.operation,
            "params": _object(self.params),
            "texts": _pairs("-p", self.parameters),
            "tenant": self.tenant,
            "request_id": self.request_id,
            "idempotency_key": self.idempotency_key,
            "metadata": _pairs("--metadata", self.metadata),
            "backend": self.backend,
            "store": self.store,
            "detach": self.detaches,
        }


def invoke(session: Session, invocation: Invocation, output_format: str) -> int:
    """Run an orchestrator, print its result, and return the exit code: 0, or 4 for a failed result.

    Raises UnknownOrchestratorError, NoPackageError, OrchestratorTimeoutError, and what `ask` raises.
    """
    from orchestra_cli.user_code import TimedOut, ask

    request = invocation.request()
    root, config = session.configured(**({} if invocation.store is None else {"store": invocation.store}))
    request["store"] = config.store
    try:
        with session.progress(f"Running {invocation.name}"):
            answer = ask(root, config, request, invocation.timeout, PRINTERS[output_format])
    except ReaderGone:  # as `… | head` does: enough was read
        return 0
    except TimedOut:
        raise OrchestratorTimeoutError(
            f"`{invocation.name}` was not done within {invocation.timeout:g} s",
            hint="Give it more with --timeout, or look where it waits.",
        ) from None
    check_known(session, answer, root, config)
    if session.is_debugging and answer.get("traceback"):
        write_error(answer["traceback"])
    if "run" in answer:
        return show_enqueued(session, answer["run"], answer["workers"], output_format)
    result = answer["result"]
    is_stream = answer.get("is_stream", False)  # an older framework does not say it
    session.show(
        ResultReport(result), "json_lines" if is_stream and output_format == "json" else output_format
    )
    return 0 if result["success"] else FAILED


def explain(session: Session, name: str, output_format: str) -> int:
    """Print what the operations of an orchestrator take. Raises what :func:`invoke` raises."""
    from orchestra_cli.reports.operations import OperationsReport
    from orchestra_cli.user_code import ask

    root, config = session.configured()
    answer = ask(root, config, {"verb": "explain", "name": name})
    check_known(session, answer, root, config)
    session.show(OperationsReport(answer["explained"]), output_format)
    return 0


def _pairs(option: str, texts: Iterable[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise MalformedParameterError(
                f"`{option} {text}` is not of the form KEY=VALUE",
                hint=f"Write {option} {key or 'key'}=value.",
            )
        if key in pairs:
            many = f" A list is JSON: -p '{key}=[1, 2]'." if option == "-p" else ""
            raise MalformedParameterError(f"{option} {key} is given twice", hint=f"Give it once.{many}")
        pairs[key] = value
    return pairs


def _object(text: str | None) -> Mapping[str, Any]:
    if text is None:
        return {}
    source = "stdin" if text == "-" else text.removeprefix("@") if text.startswith("@") else "--params"
    try:
        content = _content(text)
        if not content.strip():
            raise MalformedParameterError(f"{source} is empty", hint="Give a JSON object, {} without any.")
        value = json.loads(content)
    except OSError as error:
        raise MalformedParameterError(
            f"{source} cannot be read: {error.strerror}", hint="Name an existing file behind the @."
        ) from None
    except ValueError as error:
        raise MalformedParameterError(
            f"{source} is not JSON: {error}", hint="""Write --params '{"key": "value"}'."""
        ) from None
    if not isinstance(value, dict):
        raise MalformedParameterError(
            f"{source} is not a JSON object", hint="""Write --params '{"key": "value"}'."""
        )
    return value


def _content(text: str) -> str:
    if text == "-":
        return sys.stdin.read()
    return Path(text[1:]).read_text(encoding="utf-8") if text.startswith("@") else text
