"""Every test has a state directory of its own, and so a key and journals of its own."""

from __future__ import annotations

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
def scene(root: Path, state_directory: Path) -> Scene:
    """Return the twenty-file change, not applied yet."""
    return Scene(root, state_directory)
