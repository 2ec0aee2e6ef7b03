"""A pair of packages in a folder of its own: the old place and the new one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SHIM = "from orchestra.moved import forward\n\nforward(__name__, {new!r}{extra})\n"

Place = Callable[..., None]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Write modules below a folder on the import path; forget them afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)

    def write(modules: dict[str, str]) -> None:
        for name, text in modules.items():
            path = tmp_path.joinpath(*name.split(".")).with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            for folder in path.parents:
                if folder == tmp_path:
                    break
                (folder / "__init__.py").touch()
            path.write_text(text)

    yield write
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in {"old_home", "new_home", "caller", "other_caller"}:
            del sys.modules[name]


@pytest.fixture
def moved(place: Place) -> None:
    """A module with a class, state and helpers that moved from old_home.hub to new_home.hub."""
    place(
        {
            "new_home.hub": NEW,
            "old_home.hub": SHIM.format(new="new_home.hub", extra=', remove_on="2027-02-20"'),
        }
    )


NEW = '''"""The hub."""
import sys

_instance = None
limit = 3


def helper(value=1):
    return value + limit


class Hub:
    def work(self):
        return helper()


def get_hub():
    global _instance
    if _instance is None:
        _instance = Hub()
    return _instance


if __name__ == "__main__":
    print("main", sys.argv[1:], helper())
    sys.exit(3)
'''
