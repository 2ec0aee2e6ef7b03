"""A project's code in a process of its own, for the command line.

`orchestra run`, `list --live`, `verify` and `migrate --prove-import` start the project's interpreter with
this module, hand it one request as JSON through a descriptor, and read answers through another, one JSON
object a line, the last being final. What the project prints is nobody's answer. Only the standard library and
this package are imported on the way.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from orchestra.answers import Answer, Asked, explain, list_all, run, trace_of
from orchestra.default import configure, get_orchestration_facade
from orchestra.discovery import Discovery, build_facade
from orchestra.errors import OrchestraError

if TYPE_CHECKING:
    from orchestra.closing import CloseReport
    from orchestra.facade import OrchestrationFacade

PROTOCOL = 3
"""What parent and child must agree on; raised with every change that an older side would not understand."""

LATE = 0.5
"""Seconds past the deadline of the call after which everything is cancelled, the building included."""


def main(request_descriptor: int, answer_descriptor: int) -> int:
    """Answer one request; return 0 whatever the answer, since the answer says it all."""
    os.set_inheritable(answer_descriptor, False)
    with os.fdopen(request_descriptor, "rb") as stream:
        request = json.load(stream)
    channel, termination = _Channel(answer_descriptor), _Termination()
    try:
        if request["verb"] == "import":
            from orchestra.verifying import imported_alone

            channel.send({"modules": imported_alone(request["modules"])})
        elif request["verb"] == "runs":  # about a store: the project is not imported
            channel.send(_about_runs(request))
        else:
            channel.send(asyncio.run(_answered(request, channel, termination)))
    except KeyboardInterrupt:
        channel.send({"interrupted": True})
    except asyncio.CancelledError as error:  # of SIGTERM, or of code that cancels its own task
        answer = {"interrupted": True} if termination.came else {"error": _described(error)}
        channel.send(answer)
    except SystemExit:  # no error of ours to describe: the parent sees how it ended
        raise
    except BaseException as error:  # noqa: BLE001 - foreign code, which may raise anything
        channel.send({"error": _described(error)})
    return 0


def _about_runs(request: Mapping[str, Any]) -> Answer:
    from orchestra.durable.extra import check_installed

    check_installed()
    from orchestra.durable.commands import answer

    return answer(request)


class _Channel:
    """Where answers go. A parent that has gone away is no reason to fail, nor is code that closed it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def send(self, answer: Answer) -> None:
        """Write one answer."""
        data = json.dumps(answer).encode() + b"\n"
        with suppress(OSError):
            while data:
                data = data[os.write(self._descriptor, data) :]


async def _work(call: Asked) -> Answer:
    from orchestra.durable.extra import check_installed

    check_installed()
    from orchestra.durable.commands import work

    return await work(call)


_WORK: Mapping[str, Callable[[Asked], Coroutine[Any, Any, Answer]]]
_WORK = {"run": run, "list": list_all, "explain": explain, "worker": _work}
"""What is asked of a project with its whole facade."""


class _Termination:
    """SIGTERM, which cancels the call as asyncio lets SIGINT."""

    def __init__(self) -> None:
        self.came = False

    def listen(self) -> None:
        """Cancel the current task when it comes."""
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._cancel, task)

    def _cancel(self, task: asyncio.Task[Any]) -> None:
        self.came = True
        task.cancel()


async def _answered(request: Mapping[str, Any], channel: _Channel, termination: _Termination) -> Answer:
    facade: OrchestrationFacade | None = None
    answer: Answer = {}
    started, seconds = time.monotonic(), request.get("timeout")
    limit = asyncio.timeout(None if seconds is None else seconds + LATE)
    try:
        async with limit:
            if request["verb"] == "verify":
                from orchestra.verifying import verified

                termination.listen()
                answer = await verified(request)
            else:
                with _interrupted_at_once():
                    facade, found = await _build(request)
                termination.listen()
                answer = await _WORK[request["verb"]](Asked(request, facade, found, channel.send, started))
    except TimeoutError:
        if not limit.expired():  # somebody else's
            raise
        answer = {"timed_out": True}
    finally:
        channel.send({"closing": True})
        if facade is not None:
            report = await facade.aclose()
            answer["warnings"] = [*answer.get("warnings", ()), *_complaints(report)]
    return answer


@contextmanager
def _interrupted_at_once() -> Iterator[None]:
    """Let a signal interrupt what runs: an import that hangs never comes back to the event loop.

    Nothing is built yet that could be cleaned up.
    """
    before = {one: signal.signal(one, signal.default_int_handler) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


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


def _described(error: BaseException) -> Answer:
    code = error.code if isinstance(error, OrchestraError) else "project-code-failed"
    said = "the project's code cancelled the call" if isinstance(error, asyncio.CancelledError) else error
    message = error.message if isinstance(error, OrchestraError) else f"{type(error).__name__}: {said}"
    message = "; ".join((message.removesuffix("."), *getattr(error, "__notes__", ())))
    hint = error.hint if isinstance(error, OrchestraError) else ""
    return {"code": code, "message": message, "hint": hint, "traceback": trace_of(error)}


def _complaints(report: CloseReport) -> list[str]:
    errors = [f"cleanup of {name} failed: {error!r}" for name, error in report.errors.items()]
    overdue = [f"{one.what} of {one.orchestrator} did not end in time" for one in report.overdue]
    cut = [
        f"a call of {one.orchestrator} did not end in time and was cancelled" for one in report.interrupted
    ]
    return [*errors, *cut, *overdue]
