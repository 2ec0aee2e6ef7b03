"""Every test has a state directory of its own, and so a key and journals of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.scene import Scene


@pytest.fixture(autouse=True)
def state_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the state directory that this test uses."""
    state = tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return state / "orchestra"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return an empty project in what looks like a git repository."""
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    (root / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    return root


@pytest.fixture
def quick_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder in memory where there is such a thing; the state directory is in it, too.

    Thousands of small trees are made and removed here, which a busy disk makes slow.
    """
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(dir=memory)) if os.access(memory, os.W_OK) else tmp_path / "quick"
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def scene(quick_path: Path) -> Scene:
    """Return the twenty-file change, not applied yet."""
    return Scene(quick_path / "project", quick_path / "state")
