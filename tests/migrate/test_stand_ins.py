"""A test that puts another module in the place of one goes on reaching who imports it."""

from __future__ import annotations

from typing import Any

import pytest

FOO = b"def other():\n    return 2\nclass FooOrchestrator:\n    async def run(self):\n        return 1\n"
USER = b"def make():\n    from shop.foo import FooOrchestrator\n    return FooOrchestrator()\n"


@pytest.mark.parametrize(
    "line",
    [
        'sys.modules["shop.foo"] = other',
        'monkeypatch.setitem(sys.modules, "shop.foo", other)',
        'patch.dict("sys.modules", {"shop.foo": other}).start()',
        'mock.patch.dict(sys.modules, {"shop.foo": None}).start()',
        'patch.dict(sys.modules, values={"shop.foo": other}).start()',
        'patch.dict(in_dict="sys.modules", values={"shop.foo": other}).start()',
        'patch.dict("sys.modules", FAKES).start()',
        'modules["shop.foo"] = other',
        "system.modules[NAME] = other",
        'sys.modules.update({"shop.foo": other})',
        'for name in ("shop.foo", "shop.bar"): sys.modules.setdefault(name, other)',
        'sys.modules.pop("shop.foo")',
        'del sys.modules["shop.foo"]',
        'monkeypatch.delitem(sys.modules, "shop.foo")',
        '[sys.modules.pop(name) for name in list(sys.modules) if name.startswith("shop.")]',
        'stub("shop.foo")',
    ],
)
@pytest.mark.parametrize("placement", ["auto", "split"])
def test_a_module_that_another_stands_in_for_is_not_moved(
    line: str, placement: str, make_project: Any, migrate: Any
) -> None:
    test = f"""
import sys
import sys as system
from sys import modules
{'NAME = "shop.foo"' if "NAME" in line else ""}
{'FAKES = {"shop.foo": None}' if "FAKES" in line else ""}
def test_it(monkeypatch, other):
    {line}
""".encode()
    files = {
        "tests/conftest.py": b"import sys\ndef stub(name):\n    sys.modules[name] = None\n",
        "shop/__init__.py": b"",
        "shop/foo.py": FOO,
        "shop/user.py": USER,
        "tests/test_foo.py": test,
    }
    plan = migrate(make_project(files), placement=placement)
    changed = {change.path for change in plan.changes}
    assert ("shop/foo.py" in changed) is (placement == "auto")
    assert not {"shop/user.py", "tests/test_foo.py"} & changed


@pytest.mark.parametrize(
    "line",
    [
        'sys.modules["shop.foo"]',
        'sys.modules["shop.bar"] = other',
        'sys.modules[__name__].helper = other; NAME = "shop.foo"',
        'stub("shop.bar"), print("shop.foo")',
    ],
)
def test_a_module_is_moved_where_others_are_meant_or_one_is_only_read(
    line: str, make_project: Any, migrate: Any
) -> None:
    test = f"import sys\ndef test_it(other):\n    {line}\n".encode()
    files = {
        "tests/conftest.py": b"import sys\ndef stub(name):\n    sys.modules[name] = None\n",
        "shop/__init__.py": b"",
        "shop/foo.py": FOO,
        "tests/test_foo.py": test,
    }
    plan = migrate(make_project(files))
    assert "core/orchestration/domain/foo.py" in {change.path for change in plan.changes}


def test_a_file_that_does_not_parse_takes_no_part(make_project: Any, migrate: Any) -> None:
    broken = b"sys.modules foo __module__ def (\n"
    files = {"shop/__init__.py": b"", "shop/foo.py": FOO, "shop/user.py": USER, "odd/broken.py": broken}
    plan = migrate(make_project(files))
    assert {change.path for change in plan.changes} >= {"shop/foo.py", "shop/user.py"}
