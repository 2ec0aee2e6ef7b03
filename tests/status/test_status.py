"""`orchestra status`: every orchestrator with its state, what is left, the next step; on a page as well."""

from __future__ import annotations

import json
import os
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from orchestra_cli.progress_of import Progress, Standing
from orchestra_cli.reports.status import markdown
from orchestra_cli.reports.status_page import status_page
from tests.support.commands import Done, committed, in_own_process

ROOT = Path(__file__).parents[2]
VOID = {"meta", "link", "br", "hr", "img", "input", "rect"}
NASTY = Standing('<b>"x"</b>', "refused", None, None, {"import": 2}, "a | b & <c>", "do\nit")
SAMPLE = Progress((Standing("ok", "migrated", "domain", "ok.py", {}, "", ""), NASTY), 1)


@pytest.fixture
def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The legacy application with the package for orchestrators, committed."""
    for name in [name for name in os.environ if name.startswith(("ORCHESTRA_", "GIT_"))]:
        monkeypatch.delenv(name)
    people = ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")
    for name, value in {"HOME": tmp_path / "home", **dict.fromkeys(people, "tester@example.org")}.items():
        monkeypatch.setenv(name, str(value))
    folder = tmp_path / "bot"
    ignored = shutil.ignore_patterns("__pycache__", ".pytest_cache")
    shutil.copytree(ROOT / "docs/examples/legacy_bot", folder, ignore=ignored)
    committed(folder)
    assert in_own_process("init", cwd=folder).code == 0
    return committed(folder)


def status(folder: Path, *options: str) -> tuple[Done, Any]:
    done = in_own_process("status", "--output-format", "json", *options, cwd=folder)
    assert done.code == 0, done.err
    return done, json.loads(done.out)


def test_a_migration_moves_an_orchestrator_from_one_state_to_the_next(bot: Path) -> None:
    _, before = status(bot)
    shape = json.loads((ROOT / "docs/reference/schemas/status.json").read_text())
    jsonschema.validate(before, shape)
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
    assert "| resilience | migrated |" in (bot / "status.md").read_text()
    assert ">resilience</th>" in (bot / "status.html").read_text()
    status(bot, "--markdown", "status.md")


def test_a_report_is_not_written_outside_the_project(bot: Path) -> None:
    done = in_own_process("status", "--html", "../status.html", cwd=bot)
    assert (done.code, (bot.parent / "status.html").exists()) == (2, False)


class Page(HTMLParser):
    """Checks nesting while it reads, and collects what a reader with a screen reader depends on."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_the_page_is_well_formed_and_says_everything_in_words() -> None:
    page = Page(status_page(SAMPLE))
    assert page.open == []
    assert page.attributes("html") == [{"lang": "en"}]
    assert (
        len(page.attributes("h1")) == len(page.attributes("main")) == len(page.attributes("title")) - 1 == 1
    )
    assert all(one.get("scope") in ("col", "row") for one in page.attributes("th"))
    assert len(page.attributes("caption")) == len(page.attributes("table"))
    assert all(one["role"] == "img" and one["aria-label"] for one in page.attributes("svg"))
    assert all(one["tabindex"] == "0" and one["aria-label"] for one in page.attributes("div"))
    assert '<b>"x"</b>' in page.text
    assert "a | b & <c>" in page.text


def test_the_page_needs_nothing_from_elsewhere() -> None:
    text = status_page(SAMPLE)
    assert not re.search(r"https?:|src=|href=|<script|@import|url\(", text)
    assert "prefers-color-scheme: dark" in text
    assert 'name="viewport"' in text


def test_a_cell_of_the_markdown_holds_anything() -> None:
    rows = [line for line in markdown(SAMPLE).splitlines() if line.startswith("| <b>")]
    assert rows == ['| <b>"x"</b> | refused |  | 2 import | a \\| b & <c> | do it |']
