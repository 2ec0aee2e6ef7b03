"""A shop with an old module, its replacement and a user of the old one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.support.commands import Done, committed

PRICES = '"""Prices."""\n\n\ndef price() -> int:\n    return 1\n\n\n_cache: dict[str, int] = {}\n'
FILES = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "0"\n',
    "src/shop/__init__.py": "",
    "src/shop/old.py": PRICES,
    "src/shop/new.py": PRICES,
    "src/shop/lonely.py": '# licence\n"""Lonely."""\n\nfrom __future__ import annotations\n\nVALUE = 1\n',
    "src/main.py": "from shop.old import price\n\nprint(price())\n",
}


class Orchestra(Protocol):
    def __call__(self, *arguments: str) -> Done: ...


@pytest.fixture(autouse=True)
def own_places(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the test its own home and state, a git identity, and nothing of the environment's settings."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith(("ORCHESTRA_", "GIT_"))]:
        monkeypatch.delenv(name)
    people = ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")
    places = {"HOME": home, "XDG_CACHE_HOME": home / "cache", "XDG_STATE_HOME": home / "state"}
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "NO_COLOR": "1"}
    for name, value in {**places, **quiet, **dict.fromkeys(people, "tester@example.org")}.items():
        monkeypatch.setenv(name, str(value))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The shop, committed."""
    folder = tmp_path / "shop"
    for path, text in FILES.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return committed(folder)


@pytest.fixture
def orchestra(project: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Orchestra:
    """Run a command in the shop, everything committed before it."""
    from orchestra_cli.__main__ import main

    def run(*arguments: str) -> Done:
        committed(project)
        monkeypatch.chdir(project)
        capfd.readouterr()
        code = main(list(arguments))
        out, err = capfd.readouterr()
        return Done(code, out, err)

    return run


def said(done: Done) -> Any:
    """Return the JSON that a command printed."""
    return json.loads(done.out)
