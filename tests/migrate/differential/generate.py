"""Writes calls that hypothesis makes up from the signatures of the named classes.

generate.py FILE NUMBER CLASS…
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import sys
import typing
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import calls
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

KNOWN = [
    "https://news.example/harbour",
    "https://videos.example/interview",
    "https://nowhere.example/",
    "The harbour says 5 percent. Nobody denies it!",
    "One is here. Two is not. Three has 3 parts! Is four there? Five, at last.",
    "budget",
    "default",
    "analyse",
    "north",
]
WORDS = st.sampled_from(KNOWN) | st.text(max_size=12)
ANYTHING = st.one_of(
    WORDS,
    st.none(),
    st.integers(-3, 9),
    st.floats(-2, 2, width=16),
    st.booleans(),
    st.lists(WORDS, max_size=3),
    st.dictionaries(WORDS, WORDS, max_size=2),
)
FUNCTIONS = st.sampled_from([asyncio.sleep, str, len])
NEEDED: dict[str, tuple[Any, ...]] = {}


def main(path: str, number: str, *places: str) -> None:
    from content_bot.workflows.digest import DigestOrchestrator
    from content_bot.workflows.transcripts import PlainEngine, ShoutingEngine

    engines = (PlainEngine(), ShoutingEngine())
    NEEDED["TranscriptWorkflowOrchestrator"] = NEEDED["PodcastWorkflowOrchestrator"] = engines
    NEEDED["WeeklyDigestOrchestrator"] = (DigestOrchestrator(),)
    calls.write(Path(path), (call for place in places for call in of_class(place, int(number))))


def of_class(place: str, number: int) -> Iterator[calls.Call]:
    module, _, name = place.partition(":")
    kind = getattr(importlib.import_module(module), name)
    made_of: tuple[tuple[Any, ...], dict[str, Any]] = NEEDED.get(name, ()), {}
    for method in dir(kind):
        function = getattr(kind, method)
        if not method.startswith("_") and callable(function):
            own = inspect.ismethod(function) or isinstance(inspect.getattr_static(kind, method), staticmethod)
            for args, keywords in examples(function, number, has_self=not own):
                yield calls.Call(place, method, made_of, args, keywords)


def examples(function: Any, number: int, *, has_self: bool) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Return arguments that mostly suit a function, and now and then do not."""
    parameters = list(inspect.signature(function).parameters.values())[has_self:]
    hints = hints_of(function)
    suiting = arguments_of(parameters, hints)
    wild = st.tuples(st.lists(ANYTHING, max_size=4).map(tuple), st.just({}))
    found: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    @seed(0)
    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of(suiting, suiting, suiting, wild))
    def collect(drawn: tuple[tuple[Any, ...], dict[str, Any]]) -> None:
        found.append(drawn)

    collect()
    return found


def hints_of(function: Any) -> dict[str, Any]:
    try:
        return typing.get_type_hints(function)
    except Exception:
        return {}


@st.composite
def arguments_of(
    draw: Callable[..., Any], parameters: list[inspect.Parameter], hints: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    args: list[Any] = []
    keywords: dict[str, Any] = {}
    for each in parameters:
        values = values_of(hints.get(each.name))
        if each.kind is each.VAR_POSITIONAL:
            args += draw(st.lists(values, max_size=2)) if not keywords else []
        elif each.kind is each.VAR_KEYWORD:
            keywords |= draw(
                st.dictionaries(st.sampled_from(["extra", "name", "retries"]), values, max_size=1)
            )
        elif each.default is not each.empty and draw(st.booleans()):
            keywords.setdefault("", None)  # from here on by name
        elif each.kind is each.KEYWORD_ONLY or keywords:
            if each.kind is not each.POSITIONAL_ONLY:
                keywords[each.name] = draw(values)
        else:
            args.append(draw(values))
    keywords.pop("", None)
    return tuple(args), keywords


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    if hint is None or hint is Any or isinstance(hint, typing.TypeVar):
        return ANYTHING
    if hint is str:
        return WORDS
    if typing.get_origin(hint) is not None and "Callable" in str(hint):
        return FUNCTIONS
    if hint == dict[str, Any]:
        return st.dictionaries(WORDS, ANYTHING, max_size=2)
    try:
        return st.one_of(st.from_type(hint), WORDS) if "str" in str(hint) else st.from_type(hint)
    except Exception:
        return ANYTHING


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(*sys.argv[1:])
