"""Every test has its own home, caches and git identity, and nothing of the environment's settings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

import pytest

from tests.support.commands import Done


class Orchestra(Protocol):
    def __call__(self, *arguments: str, cwd: Path | None = None) -> Done: ...


@pytest.fixture(autouse=True)
def own_places(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith(("ORCHESTRA_", "GIT_"))]:
        monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    places = {"HOME": home, "XDG_CACHE_HOME": home / "cache", "XDG_STATE_HOME": home / "state"}
    people = {
        f"GIT_{who}_{what}": "tester@example.org"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    for name, value in {
        **places,
        **people,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
    }.items():
        monkeypatch.setenv(name, str(value))
    return home


@pytest.fixture
def orchestra(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, project: Path) -> Orchestra:
    """Run a command in this process, below the project unless told otherwise."""
    from orchestra_cli.__main__ import main

    def run(*arguments: str, cwd: Path | None = None) -> Done:
        monkeypatch.chdir(cwd or project)
        capfd.readouterr()
        code = main(list(arguments))
        out, err = capfd.readouterr()
        return Done(code, out, err)

    return run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with an empty pyproject.toml, outside any repository."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text('[project]\nname = "theirs"\nversion = "1"\n')
    return folder
