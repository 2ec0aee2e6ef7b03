"""`orchestra status`: every orchestrator with its state, what is left, the next step; on a page as well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra_cli.reports.plots import round_up
from orchestra_cli.reports.status import markdown
from orchestra_cli.reports.status_page import status_page
from orchestra_cli.standing.model import Leaving, Place, Point, Progress, Standing
from tests.support.commands import Done, committed, in_own_process
from tests.support.page import checked_page

ROOT = Path(__file__).parents[2]
PLACES = (Place("a.py", 1, "import"), Place("<b>.py", 2, "import", "a & b"))
NASTY = Standing('<b>"x"</b>', "refused", None, None, PLACES, "a | b & <c>", "do\nit")
OLD = Leaving(
    "<old>", "old.py", None, None, None, 2, PLACES, "<old> is still used", "orchestra deprecate users"
)
SAMPLE = Progress(
    (Standing("ok", "migrated", "domain", "ok.py", (), "", ""), NASTY),
    (OLD,),
    course=(
        Point("0123456789ab", "2026-08-03", 0, 1, 1, 20, 0, 0),
        Point("", "2026-11-24", 1, 0, 1, 2, 1, 0),
    ),
)


def status(folder: Path, *options: str) -> tuple[Done, Any]:
    done = in_own_process("status", "--output-format", "json", *options, cwd=folder)
    assert done.code == 0, done.err
    return done, json.loads(done.out)


def test_a_migration_moves_an_orchestrator_from_one_state_to_the_next(bot: Path) -> None:
    _, before = status(bot)
    shape = json.loads((ROOT / "docs/reference/schemas/status.json").read_text())
    jsonschema.validate(before, shape, format_checker=jsonschema.FormatChecker())
    standing = {one["name"]: one for one in before["orchestrators"]}
    assert standing["resilience"]["state"] == "to migrate"
    assert standing["resilience"]["next_step"] == "orchestra migrate resilience"
    assert standing["plugin"]["state"] == "refused"
    assert standing["plugin"]["why"]
    assert standing["plugin"]["next_step"]
    done = in_own_process("migrate", "resilience", cwd=bot)
    assert done.code in (0, 1), done.err
    committed(bot)
    _, after = status(bot, "--markdown", "status.md", "--html", "status.html")
    moved = {one["name"]: one for one in after["orchestrators"]}["resilience"]
    assert moved["state"] == "migrated"
    assert after["totals"]["migrated"] == before["totals"]["migrated"] + 1
    assert after["totals"]["to_migrate"] == before["totals"]["to_migrate"] - 1
    assert [(one["name"], one["next_step"]) for one in after["deprecated"]] == [
        ("bot_platform.resilience", "orchestra deprecate users bot_platform.resilience")
    ]
    assert [point["migrated"] for point in after["course"]] == [0, 0, 1, 1]
    assert after["course"][0]["places_left"] == before["totals"]["places_left"]
    assert "| resilience | migrated |" in (bot / "status.md").read_text()
    assert ">resilience<" in (bot / "status.html").read_text()
    status(bot, "--markdown", "status.md")


def test_a_report_is_not_written_outside_the_project(bot: Path) -> None:
    done = in_own_process("status", "--html", "../status.html", cwd=bot)
    assert (done.code, (bot.parent / "status.html").exists()) == (2, False)


@pytest.mark.parametrize("option", ["--html", "--markdown"])
def test_a_report_is_not_written_over_something_else(bot: Path, option: str) -> None:
    before = (bot / "pyproject.toml").read_bytes()
    done = in_own_process("status", "--no-history", option, "pyproject.toml", cwd=bot)
    assert (done.code, (bot / "pyproject.toml").read_bytes()) == (2, before)
    assert "error[no-report]" in done.err


def test_two_reports_are_not_written_to_one_file(bot: Path) -> None:
    done = in_own_process("status", "--html", "./one", "--markdown", "one", cwd=bot)
    assert (done.code, done.out, (bot / "one").exists()) == (2, "", False)
    assert done.err.startswith("error[conflicting-options]: ")


@pytest.mark.parametrize("command", ["status", "graph"])
def test_files_that_were_not_read_are_named(tmp_path: Path, command: str) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "broken.py").write_text("class NightOrchestrator:\n    def run(self:\n")
    (tmp_path / "latin.py").write_bytes(b"class DayOrchestrator:\n    name = '\xe9'\n")
    done = in_own_process(command, cwd=tmp_path)
    assert done.code == 0
    assert [line.split(": ")[:2] for line in done.err.splitlines()] == [
        ["warning", "broken.py"],
        ["warning", "latin.py"],
    ]


def test_the_page_is_well_formed_and_says_everything_in_words() -> None:
    page = checked_page(status_page(SAMPLE))
    assert '<b>"x"</b>' in page.text
    assert "a | b & <c>" in page.text
    assert "2 places: 2 import" in page.text
    assert "now 1 0 1 2 1 0" in " ".join(page.text.split())


def test_a_page_about_nothing_is_well_formed() -> None:
    checked_page(status_page(Progress(())))


def test_a_cell_of_the_markdown_holds_anything() -> None:
    rows = [line for line in markdown(SAMPLE).splitlines() if line.startswith("| &lt;b")]
    assert rows == ['| &lt;b&gt;"x"&lt;/b&gt; | refused |  | 2 import | a \\| b &amp; &lt;c&gt; | do it |']


@pytest.mark.parametrize(
    ("number", "end"), [(0, 2), (1, 2), (3, 4), (31, 40), (100, 100), (101, 120), (713, 800), (1060, 1200)]
)
def test_a_scale_ends_a_little_above_with_a_whole_half(number: int, end: int) -> None:
    assert round_up(number) == end


@given(st.integers(0, 10**9))
def test_a_scale_is_never_too_short_or_half_empty(number: int) -> None:
    end = round_up(number)
    assert number <= end <= max(2 * number, 2)
    assert end % 2 == 0
