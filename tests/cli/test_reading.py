"""A command line is read without Typer as Typer reads it, or left to Typer."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestra.errors import OrchestraError
from orchestra_cli.lazy import main_group
from orchestra_cli.options import common_options
from orchestra_cli.parameters import Taken, taken_by
from orchestra_cli.reading import read
from orchestra_cli.session import Session
from orchestra_cli.tree import COMMANDS, PROGRAM, command_module, command_names, is_group

Read = tuple[dict[str, Any], dict[str, Any]]
"""What the session and the command were given."""


def modules(
    package: str = COMMANDS, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], ModuleType]]:
    for name in command_names(package):
        module = command_module(package, name)
        assert module is not None
        if is_group(module):
            yield from modules(module.__name__, (*path, name))
        else:
            yield (*path, name), module


COMMAND = dict(modules())
TEXTS = ["a", "name=value", "-", "-3", "json", "", "a b"]


def words_of(path: tuple[str, ...], module: ModuleType) -> st.SearchStrategy[list[str]]:
    """Return command lines, often in order: arguments, options and their values in any order."""
    taken = taken_by(module.command)
    places = st.tuples(*(texts_of(one) for one in taken if one.is_required and not one.is_option)).map(list)
    options = [one for one in (*taken, *taken_by(common_options)) if one.is_option]
    chunks = st.one_of(
        st.just(["--"]), st.sampled_from(TEXTS).map(lambda text: [text]), *map(spelled, options)
    )
    others = st.lists(chunks, max_size=4).map(lambda found: [word for chunk in found for word in chunk])
    before = st.sampled_from([[], ["-q"], ["--root", "there"], ["--root=here", "--verbose"], ["-x"]])
    parts = (before, st.just([*path]), others, places, others)
    return st.tuples(*parts).map(lambda found: [word for part in found for word in part])


def spelled(option: Taken) -> st.SearchStrategy[list[str]]:
    known = list(option.spellings())
    names = st.sampled_from([*known * 4, known[0][:-1]])
    if None not in option.spellings().values():
        return names.map(lambda name: [name]) | names.map(lambda name: [f"{name}=1"])
    pairs = st.tuples(names, texts_of(option))
    return pairs.map(list) | pairs.map("=".join).map(lambda word: [word])


def texts_of(taken: Taken) -> st.SearchStrategy[str]:
    """Return texts that mostly fit."""
    fitting = list(getattr(taken.annotation, "__args__", ()))
    fitting = {int: ["7"], float: ["0.5"]}.get(taken.annotation, fitting)
    return st.sampled_from([*fitting * 10, *TEXTS])


def read_by_typer(words: list[str], module: ModuleType) -> Read | None:
    """Return what Typer passes to the command, or None where it complains."""
    seen: list[Read] = []
    genuine = module.command

    def recording(session: Session, **values: Any) -> int:
        seen.append((of_session(session), values))
        return 0

    recording.__wrapped__ = genuine  # type: ignore[attr-defined]
    recording.__doc__ = genuine.__doc__
    module.command = recording  # type: ignore[attr-defined]
    try:
        group: Any = main_group()
        with group.make_context(PROGRAM, list(words)) as context:
            group.invoke(context)
    except (typer.TyperException, typer.Exit, OrchestraError):
        return None
    finally:
        module.command = genuine  # type: ignore[attr-defined]
    return seen[0] if seen else None


def of_session(session: Session) -> dict[str, Any]:
    return {name: getattr(session, name) for name in ("root", "is_quiet", "is_verbose", "is_debugging")}


@pytest.mark.parametrize("path", COMMAND, ids=" ".join)
@settings(max_examples=12)
@given(data=st.data())
def test_what_is_read_without_typer_is_what_typer_reads(path: tuple[str, ...], data: st.DataObject) -> None:
    agree(path, data.draw(words_of(path, COMMAND[path])))


@pytest.mark.soak
@pytest.mark.parametrize("path", COMMAND, ids=" ".join)
@settings(max_examples=1000)
@given(data=st.data())
def test_it_is_so_for_many_more(path: tuple[str, ...], data: st.DataObject) -> None:
    agree(path, data.draw(words_of(path, COMMAND[path])))


def agree(path: tuple[str, ...], words: list[str]) -> None:
    module = COMMAND[path]
    call = read(words)
    if call is None:
        return
    typed = read_by_typer(words, module)
    assert typed is not None, words
    session, values = typed
    assert of_session(call.session) == session
    assert {**defaults_of(module), **call.values} == {
        name: value if value != [] else None for name, value in values.items()
    }


def test_what_has_to_be_explained_or_is_spelled_unusually_is_left_to_typer() -> None:
    for words in (
        [],
        ["--version"],
        ["-qv", "history"],
        ["migrat"],
        ["config"],
        ["run"],
        ["run", "x", "--operatio", "y"],
        ["run", "x", "--operation"],
        ["run", "x", "y"],
        ["run", "x", "-pa=1"],
        ["run", "x", "--explain=yes"],
        ["lint", "--jobs", "-1"],
        ["list", "--layer", "domian"],
    ):
        assert read(words) is None, words


def test_what_may_be_given_several_times_is_a_list_and_of_the_rest_the_last_counts() -> None:
    call = read(["run", "--tenant", "a", "x", "-p", "a=1", "--param", "b=2", "--tenant=b", "--debug"])
    assert call is not None
    assert call.values == {"name": "x", "parameter": ["a=1", "b=2"], "tenant": "b"}
    assert call.session.is_debugging


def test_behind_two_hyphens_everything_is_an_argument() -> None:
    call = read(["lint", "-j", "2", "--", "--fix", "-q"])
    assert call is not None
    assert call.values == {"jobs": 2, "paths": ["--fix", "-q"]}


def defaults_of(module: ModuleType) -> dict[str, Any]:
    parameters = inspect.signature(module.command).parameters.values()
    return {one.name: one.default for one in parameters if one.default is not one.empty}
