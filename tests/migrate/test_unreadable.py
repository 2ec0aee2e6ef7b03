"""A file that nobody can read, whatever words are in it, stops no migration of what it does not name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import orchestra_codemods
from orchestra_codemods.project import Project, Sources

FOO = b"""
_foo = None


class FooOrchestrator:
    async def run(self):
        return 1


def get_foo():
    global _foo
    _foo = _foo or FooOrchestrator()
    return _foo


def other():
    return 2
"""
USER = b"from shop.foo import get_foo\n\n\nasync def go():\n    return await get_foo().run()\n"


def every_word() -> str:
    """Return each word that the code of migrations has in quotes, the ones that it looks for among them."""
    home = Path(orchestra_codemods.__file__).parent
    folders = ("migrations", "inventory", "names", "deprecations", "verify")
    texts = [path.read_text() for folder in folders for path in (home / folder).rglob("*.py")]
    return " ".join(sorted({word for text in texts for word in re.findall(r'"([A-Za-z_]\w{2,30})"', text)}))


BROKEN = {
    "no Python": b"def ( # foo get_foo ",
    "another encoding": b"\xff\xfe\x00 foo get_foo ",
    "a null byte": b"x = 1\x00 # foo get_foo ",
    "gone": None,
}


@pytest.mark.parametrize("callers", ["imports", "facade-instances"])
@pytest.mark.parametrize("placement", ["move", "in-place", "split"])
@pytest.mark.parametrize("broken", BROKEN)
def test_what_cannot_be_read_stops_nothing_else(
    broken: str, placement: str, callers: str, make_project: Any, migrate: Any, tmp_path: Path
) -> None:
    start = BROKEN[broken]
    if start is not None:
        (tmp_path / "odd").mkdir()
        (tmp_path / "odd" / "broken.py").write_bytes(start + every_word().encode())
    made = make_project({"shop/__init__.py": b"", "shop/foo.py": FOO, "shop/user.py": USER})
    project = Project(tmp_path, Sources(tmp_path, ["odd/broken.py"], made.sources.changed), made.config)
    plan = migrate(project, placement=placement, callers=callers)
    assert "shop/foo.py" in {change.path for change in plan.changes}
    assert "odd/broken.py" not in {change.path for change in plan.changes}
