"""What was answered is answered again while nothing has changed, and never afterwards."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestra_cli import cache
from orchestra_cli.answers import is_repeatable, recall
from tests.cli.conftest import Orchestra
from tests.support.commands import Done, committed

NIGHT = "class NightOrchestrator:\n    async def run(self) -> int:\n        return 1\n"
PLANNED = ("migrate", "--all", "--dry-run")


@pytest.fixture
def legacy(orchestra: Orchestra, project: Path) -> Path:
    (project / "night.py").write_text(NIGHT)
    (project / "pictures").mkdir()
    (project / "pictures" / "one.png").write_bytes(b"\x89PNG")
    assert orchestra("init").code == 0
    return committed(project)


@pytest.fixture
def ask(orchestra: Orchestra, legacy: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """Run a command as if it were this process's own: only such answers are kept."""

    def run(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["orchestra", *arguments])
        return orchestra(*arguments, cwd=legacy)

    return run


@pytest.mark.parametrize("arguments", [("scan",), ("scan", "--output-format", "json"), PLANNED])
def test_an_unchanged_project_gets_the_same_answer_without_being_read(
    ask: Callable[..., Done], arguments: tuple[str, ...]
) -> None:
    first = ask(*arguments)
    assert recall(list(arguments)) is not None
    assert first == ask(*arguments)


CHANGES: dict[str, Callable[[Path], object]] = {
    "edited": lambda root: (root / "night.py").write_text(NIGHT.replace("1", "2")),
    "edited to the same size, and the old time put back": lambda root: _edit_secretly(root / "night.py"),
    "new file": lambda root: (root / "day.py").write_text(NIGHT),
    "new file where there was none of Python": lambda root: (root / "pictures" / "x.py").write_text(NIGHT),
    "removed": lambda root: (root / "night.py").unlink(),
    "ignored": lambda root: (root / ".gitignore").write_text("night.py\n"),
    "ignored for one person": lambda root: (root / ".git" / "info" / "exclude").write_text("night.py\n"),
    "settings": lambda root: (root / "orchestra.toml").write_text(""),
}


def _edit_secretly(file: Path) -> None:
    before = file.stat()
    file.write_text(NIGHT.replace("1", "2"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_no_change_goes_unnoticed(
    ask: Callable[..., Done], legacy: Path, change: Callable[[Path], object]
) -> None:
    ask("scan")
    assert recall(["scan"]) is not None
    change(legacy)
    assert recall(["scan"]) is None


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"00000000nonsense", None], ids=str)
def test_a_damaged_answer_is_reported_and_made_anew(ask: Callable[..., Done], damage: bytes | None) -> None:
    good = ask("scan")
    (file,) = (Path(cache.folder()) / "scan").iterdir()
    file.write_bytes(file.read_bytes()[:-3] if damage is None else damage)
    again = ask("scan")
    assert again.out == good.out
    assert "cannot be read; it is made anew" in again.err
    assert good == ask("scan")


def test_nothing_is_kept_of_a_run_without_the_cache_or_one_that_writes(ask: Callable[..., Done]) -> None:
    ask("scan", "--no-cache")
    ask(*PLANNED, "--no-cache")
    ask("migrate", "--all")
    assert not list(Path(cache.folder()).glob("*/answer*"))


@pytest.mark.parametrize(
    "words",
    [
        "migrate --all",
        "migrate --all --commit",
        "migrate --plan p.toml --dry-run",
        "scan --root .",
        "run x",
        "",
    ],
)
def test_only_what_reports_alone_is_repeated(words: str) -> None:
    assert not is_repeatable(words.split())
