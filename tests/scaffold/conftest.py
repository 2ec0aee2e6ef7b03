"""A project with the package that `orchestra init` writes, and the command line in this process."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.support.commands import Done, committed

SETTINGS = """\
[project]
name = "shop"
version = "0"

[tool.pytest.ini_options]
pythonpath = ["src"]
filterwarnings = ["error"]
asyncio_default_fixture_loop_scope = "function"
"""


class Orchestra(Protocol):
    def __call__(self, *arguments: str) -> Done: ...


@pytest.fixture(autouse=True)
def own_places(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test its own home and state, a git identity, and nothing of the environment's settings."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith(("ORCHESTRA_", "GIT_"))]:
        monkeypatch.delenv(name)
    settings = {
        "HOME": home,
        "XDG_CACHE_HOME": home / "cache",
        "XDG_STATE_HOME": home / "state",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "NO_COLOR": "1",
    }
    people = ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")
    for name, value in {**settings, **dict.fromkeys(people, "tester@example.org")}.items():
        monkeypatch.setenv(name, str(value))
    return home


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A committed project with `src/core/orchestration`, as `orchestra init` writes it."""
    from orchestra_cli.__main__ import main

    folder = tmp_path / "shop"
    (folder / "src").mkdir(parents=True)
    (folder / "tests").mkdir()
    (folder / "pyproject.toml").write_text(SETTINGS)
    committed(folder)
    assert main(["init", "--quiet", "--package", "core.orchestration", "--root", str(folder)]) == 0
    return committed(folder)


@pytest.fixture
def orchestra(project: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Orchestra:
    """Run a command in the project."""
    from orchestra_cli.__main__ import main

    def run(*arguments: str) -> Done:
        monkeypatch.chdir(project)
        capfd.readouterr()
        code = main(list(arguments))
        out, err = capfd.readouterr()
        return Done(code, out, err)

    return run


def said(done: Done) -> Any:
    """Return the JSON that a command printed."""
    return json.loads(done.out)
