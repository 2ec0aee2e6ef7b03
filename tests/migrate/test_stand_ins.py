"""A test that puts another module in the place of one goes on reaching who imports it."""

from __future__ import annotations

from typing import Any

import pytest

FOO = b"class FooOrchestrator:\n    async def run(self):\n        return 1\n"
USER = b"def make():\n    from shop.foo import FooOrchestrator\n    return FooOrchestrator()\n"


@pytest.mark.parametrize(
    "line",
    [
        'sys.modules["shop.foo"] = other',
        'monkeypatch.setitem(sys.modules, "shop.foo", other)',
        'patch.dict("sys.modules", {"shop.foo": other}).start()',
        'mock.patch.dict(sys.modules, {"shop.foo": None}).start()',
    ],
)
def test_a_module_that_another_stands_in_for_is_not_moved(line: str, make_project: Any, migrate: Any) -> None:
    test = f"import sys\ndef test_it(monkeypatch, other):\n    {line}\n".encode()
    files = {
        "shop/__init__.py": b"",
        "shop/foo.py": FOO,
        "shop/user.py": USER,
        "tests/test_foo.py": test,
    }
    plan = migrate(make_project(files))
    changed = {change.path for change in plan.changes}
    assert "shop/foo.py" in changed
    assert not {"shop/user.py", "tests/test_foo.py"} & changed


def test_a_file_that_does_not_parse_takes_no_part(make_project: Any, migrate: Any) -> None:
    broken = b"sys.modules foo __module__ def (\n"
    files = {"shop/__init__.py": b"", "shop/foo.py": FOO, "shop/user.py": USER, "odd/broken.py": broken}
    plan = migrate(make_project(files))
    assert {change.path for change in plan.changes} >= {"shop/foo.py", "shop/user.py"}
