"""A project in which an orchestrator was migrated, committed step by step."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support.commands import committed, in_own_process

ROOT = Path(__file__).parents[2]


@pytest.fixture
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test its own home, a git identity, and nothing of the environment's settings."""
    for name in [name for name in os.environ if name.startswith(("ORCHESTRA_", "GIT_"))]:
        monkeypatch.delenv(name)
    people = ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")
    home = tmp_path / "home"
    places = {"HOME": home, "XDG_CACHE_HOME": home / "cache", "XDG_STATE_HOME": home / "state"}
    for name, value in {**places, **dict.fromkeys(people, "tester@example.org")}.items():
        monkeypatch.setenv(name, str(value))
    return home


@pytest.fixture
def bot(own_places: Path, tmp_path: Path) -> Path:
    """The legacy application with the package for orchestrators, committed."""
    folder = tmp_path / "bot"
    ignored = shutil.ignore_patterns("__pycache__", ".pytest_cache")
    shutil.copytree(ROOT / "docs/examples/legacy_bot", folder, ignore=ignored)
    committed(folder)
    assert in_own_process("init", cwd=folder).code == 0
    return committed(folder)
