"""One run as its operation sees it: steps that are written down, and what is going on in them now."""

from __future__ import annotations

import inspect
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dbos import DBOS
from dbos import error as engine_errors

from orchestra.calls import CURRENT, Call
from orchestra.durable.errors import JournalMismatchError
from orchestra.envelopes import as_json
from orchestra.journal import JOURNAL

if TYPE_CHECKING:
    from asyncio import Task
    from collections.abc import Callable


class JournaledRun:
    """A run that is running here. ``opens`` until the call that it consists of has begun; a nested run on its
    parent's task never does. ``needs_place`` among its tenant's runs: a nested one shares its parent's.
    ``abandoned`` are nested runs, with their queues, that were left half-way: the
    first of their callers that goes on cancels them, and where none does they are handed over.
    """

    def __init__(
        self,
        run: str,
        task: Task[Any] | None,
        *,
        opens: bool,
        needs_place: bool,
        abandoned: dict[str, str] | None = None,
    ) -> None:
        self.run = run
        self.task = task
        self.opens = opens
        self.needs_place = needs_place
        self.is_child = not opens
        self.abandoned: dict[str, str] = {} if abandoned is None else abandoned
        self.is_cancelled = False
        self.mismatch: JournalMismatchError | None = None
        self.steps = 0
        self._now: dict[str, Any] = {}

    async def step(
        self, name: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Return what the journal has, else run the function and write down what it returned or raised."""

        async def run() -> Any:
            number = DBOS.step_id
            token = JOURNAL.set(None)  # a step in a step is part of it
            outer = CURRENT.get()
            inner = None if outer is None else CURRENT.set(_keyed(outer, f"{self.run}:{number}"))
            self._now = {"step": name, "number": number, "since": time.time()}
            try:
                value = function(*args, **kwargs)
                if inspect.isawaitable(value):
                    value = await value
                return as_json(value, f"the result of step {name}")
            finally:
                self._now = {}
                if inner is not None:
                    CURRENT.reset(inner)
                JOURNAL.reset(token)

        self.steps += 1
        try:
            return await DBOS.run_step_async({"name": name}, run)
        except engine_errors.DBOSUnexpectedStepError as error:
            self.mismatch = mismatch_of(self.run, error)
            raise self.mismatch from error

    def progress(self) -> dict[str, Any]:
        """Return the step that is running, with its number and since when; nothing between steps."""
        return dict(self._now)


def mismatch_of(run: str, error: engine_errors.DBOSUnexpectedStepError) -> JournalMismatchError:
    """Say which step stands in the journal where the code runs another."""
    _, number, expected, recorded = error.inputs
    return JournalMismatchError(
        f"The journal of run {run} does not fit the code: step {number} is '{recorded}' in the journal and "
        f"'{expected}' in the code",
        hint=f"Resume it on the version that wrote it: orchestra runs resume {run} --on-version VERSION",
    )


def _keyed(call: Call, key: str) -> Call:
    """Return a copy of a call whose context has an idempotency key."""
    copy = Call()
    for name in Call.__slots__:
        if hasattr(call, name):
            setattr(copy, name, getattr(call, name))
    copy.context = replace(call.context, idempotency_key=key)
    return copy
