"""Makes each call of the files named, on a new instance, and prints what came of it: replay.py FILE…

One line a call: value or exception, attributes, tasks left over and how they end; the same for the call
cancelled after a few steps of the loop. Equal output means equal behaviour.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import re
import sys
import warnings
from collections import deque
from pathlib import Path
from typing import Any

import calls

MOST_SECONDS = 2.0
STEPS = (0, 1, 3)


class Loop(asyncio.SelectorEventLoop):
    """A loop whose clock goes on to the next timer as soon as nothing else is to be done."""

    now = 0.0

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:
            self.now = max(self.now, self._scheduled[0]._when)
        super()._run_once()


def main(*paths: str) -> None:
    places = {calls.read(line).place for path in paths for line in Path(path).read_text().splitlines()}
    for place in sorted(places):
        print(json.dumps([place, members_of(place)]))
    for path in paths:
        for line in Path(path).read_text().splitlines():
            call = calls.read(line)
            for steps in (None, *STEPS):
                if steps is None or inspect.iscoroutinefunction(getattr(kind_of(call), call.method, None)):
                    with asyncio.Runner(loop_factory=Loop) as runner:
                        told = runner.run(outcome(calls.read(line), steps))
                    print(json.dumps([call.place, call.method, steps, shown(call.args), *told]), flush=True)


def members_of(place: str) -> dict[str, str]:
    """Return what each name of a class is: signature, colour, documentation, or the kind of value.

    Annotations are told without their modules, which may have moved.
    """
    kind = kind_of(calls.Call(place, ""))
    found = {"": f"{inspect.signature(kind)} {kind.__doc__} {kind.__name__} {kind.__qualname__}"}
    for name in dir(kind):
        value = getattr(kind, name)
        if name.startswith("__"):
            continue
        if not callable(value):
            found[name] = type(inspect.getattr_static(kind, name)).__name__
        else:
            colour = inspect.iscoroutinefunction(value), inspect.isasyncgenfunction(value)
            found[name] = f"{type(value).__name__} {inspect.signature(value)} {colour} {value.__doc__}"
    return {name: re.sub(r"\b[a-z_][\w.]*\.(?=[A-Z])", "", shown(text)) for name, text in found.items()}


def kind_of(call: calls.Call) -> Any:
    module, _, name = call.place.partition(":")
    return getattr(importlib.import_module(module), name)


async def outcome(call: calls.Call, steps: int | None) -> list[Any]:
    before = asyncio.all_tasks()
    try:
        instance = kind_of(call)(*call.made_of[0], **call.made_of[1])
    except Exception as error:
        return [told(error)]
    at_once = len(asyncio.all_tasks() - before)
    value = await (called(instance, call) if steps is None else cancelled(instance, call, steps))
    left = asyncio.all_tasks() - before
    state = shown({key: shown(each) for key, each in sorted(vars(instance).items()) if is_own(key)})
    for task in left:
        task.cancel()
    done, _ = await asyncio.wait(left, timeout=MOST_SECONDS) if left else (set(), None)
    ends = sorted("cancelled" if task.cancelled() else told(task.exception()) for task in done)
    return [value, state, at_once, len(left), ends]


async def called(instance: Any, call: calls.Call) -> str:
    try:
        value = getattr(instance, call.method)(*call.args, **call.keywords)
        if inspect.isasyncgen(value):
            value = [item async for item in value]
        elif inspect.isawaitable(value):
            value = await asyncio.wait_for(value, MOST_SECONDS)
    except Exception as error:
        return told(error)
    return shown(value)


async def cancelled(instance: Any, call: calls.Call, steps: int) -> str:
    """Cancel the call after some steps of the loop."""
    task = asyncio.ensure_future(called(instance, call))
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel("enough")
    try:
        return await task
    except asyncio.CancelledError as error:
        return told(error)


def is_own(attribute: str) -> bool:
    """Tell whether the class itself set an attribute; a logger is compared by where it logs."""
    return not attribute.startswith("__") and attribute != "logger"


def told(error: BaseException | None) -> str:
    return f"{type(error).__name__}: {shown(error.args if error else ())}"


def without_tasks(value: Any) -> Any:
    """Return a value with a word for each task, whose own text tells who else waits for it."""
    if isinstance(value, asyncio.Future):
        return "done" if value.done() else "going on"
    if isinstance(value, dict):
        return {key: without_tasks(each) for key, each in value.items()}
    return [without_tasks(each) for each in value] if isinstance(value, list | tuple | deque) else value


def shown(value: Any) -> str:
    text = re.sub(r"<[\w.]*?(\w+) object at 0x[0-9a-f]+>", r"<\1>", repr(without_tasks(value)))
    text = re.sub(r"0x[0-9a-f]+|\d+\.\d{5,}(e-\d+)?|\d\.\d+e-\d+|\d{9,}", "…", text)
    return re.sub(r"<(coroutine|function|bound method|async_generator)[^>]*>", r"<\1>", text)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(*sys.argv[1:])
