"""A pytest plugin that records which methods of the named classes the tests call, and with what.

Run in the legacy application; the environment has CLASSES (`module:Class …`) and CALLS, the file to write.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import calls
import pytest

LINES: dict[str, None] = {}
BUILT: dict[int, tuple[Any, ...]] = {}


@pytest.fixture(autouse=True)
def _recorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for place in os.environ["CLASSES"].split():
        module, _, name = place.partition(":")
        kind = getattr(importlib.import_module(module), name)
        for each, value in list(vars(kind).items()):
            if each == "__init__":
                monkeypatch.setattr(kind, each, _noting_construction(value))
            elif inspect.isfunction(value) and not each.startswith("_"):
                monkeypatch.setattr(kind, each, _noting_call(place, each, value))
    yield
    BUILT.clear()


def pytest_sessionfinish() -> None:
    Path(os.environ["CALLS"]).write_text("".join(f"{line}\n" for line in LINES))


def _noting_construction(function: Any) -> Any:
    @functools.wraps(function)
    def noting(self: Any, *args: Any, **keywords: Any) -> None:
        BUILT.setdefault(id(self), (args, keywords))
        function(self, *args, **keywords)

    return noting


def _noting_call(place: str, method: str, function: Any) -> Any:
    def note(instance: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        line = calls.Call(place, method, BUILT.get(id(instance), ((), {})), args, keywords).line()
        if line:
            LINES[line] = None

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def noting_async(self: Any, *args: Any, **keywords: Any) -> Any:
            note(self, args, keywords)
            return await function(self, *args, **keywords)

        return noting_async

    @functools.wraps(function)
    def noting(self: Any, *args: Any, **keywords: Any) -> Any:
        note(self, args, keywords)
        return function(self, *args, **keywords)

    return noting
