"""Help: the same whether the commands were imported or not, and what every command owes its reader."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import pytest

from orchestra_cli.fast_help import command_help, pages
from orchestra_cli.help import main_help, wrap
from orchestra_cli.lazy import main_group, summary
from orchestra_cli.reference.pages import all_pages
from orchestra_cli.table import DESCRIPTION, SUMMARIES
from orchestra_cli.tree import COMMANDS, PROGRAM, command_names
from tests.cli.conftest import Orchestra
from tests.support.environments import ROOT

PAGES = all_pages()["commands"]


def test_the_table_names_every_command_with_the_first_line_of_its_docstring() -> None:
    modules = {name: import_module(f"{COMMANDS}.{name.replace('-', '_')}") for name in command_names()}
    said = {
        name: summary(module.__doc__ if hasattr(module, "__path__") else module.command.__doc__)
        for name, module in modules.items()
    }
    assert said == SUMMARIES
    assert summary(import_module(COMMANDS).__doc__) == DESCRIPTION


def test_the_pages_beside_the_code_are_those_of_the_code() -> None:
    assert pages() == json.loads(json.dumps(all_pages())), "run `make docs`"


def test_the_reference_is_that_of_the_code() -> None:
    from orchestra_cli.reference.documents import all_documents

    folder = ROOT / "docs" / "reference"
    expected = all_documents(all_pages())
    assert {name: (folder / name).read_text() for name in expected} == expected, "run `make docs`"


@pytest.mark.parametrize("columns", [40, 80, 100])
@pytest.mark.parametrize("name", PAGES)
def test_help_without_typer_is_the_help_with_it(
    name: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert command_help(name.split()) == typed_help(name.split())


def test_the_main_page_is_the_same_on_the_way_through_typer(orchestra: Orchestra) -> None:
    quick = orchestra("--help")
    assert quick.code == 0
    assert quick.out == orchestra("-q", "--help").out == orchestra("-h").out
    assert quick.out.strip() == typed_help([]).strip()


@pytest.mark.parametrize("columns", [40, 60, 100])
def test_help_keeps_within_the_width(columns: int) -> None:
    assert max(len(line) for line in main_help(columns).splitlines()) <= columns


def test_wrapping_loses_no_word() -> None:
    text = "one two three four five six seven"
    assert " ".join(wrap(text, 10)) == text
    assert wrap("", 10) == []


@pytest.mark.parametrize("name", PAGES)
def test_every_command_says_what_each_thing_does_and_shows_an_example(name: str) -> None:
    page = PAGES[name]
    for title, rows in page["sections"]:
        for row, text in rows:
            assert text, (title, row)
    assert page["text"].partition("\n")[0].endswith(".")
    assert (
        page["commands"]
        or name in ("history", "resume", "config show")
        or f"    orchestra {name}" in page["text"]
    )


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if not page["commands"]])
def test_commands_that_print_a_result_offer_json_and_those_that_write_can_be_tried(name: str) -> None:
    options = PAGES[name]["options"]
    if name not in ("completion", "worker"):  # a worker has no result: it says on stderr what it does
        assert {"text", "json"} <= set(options["--output-format"]["value"])
    if name in ("init", "migrate", "undo", "resume"):
        assert {"--dry-run", "--diff", "--check"} <= options.keys()


def test_each_schema_of_the_reference_belongs_to_a_command() -> None:
    named = {path.stem for path in (ROOT / "docs/reference/schemas").glob("*.json")}
    printing = {
        name.replace(" ", "-") for name, page in PAGES.items() if "--output-format" in page["options"]
    }
    assert named == {*printing, "run-explain", "run-item"}  # of `run --explain`, and of a stream


def typed_help(words: list[str]) -> str:
    """Return what Typer prints for a command that was really imported."""
    group: Any = main_group()
    context = group.make_context(PROGRAM, [], resilient_parsing=True)
    command = group
    for word in words:
        command = command.get_command(context, word)
        context = command.make_context(word, [], parent=context, resilient_parsing=True)
    return f"{command.get_help(context)}\n"
