"""Whoever reaches a module as a whole may replace what its class reads: the class stays in it then."""

from __future__ import annotations

from typing import Any

import pytest

MIXED = b"""
LIMIT = 3


def helper(x):
    return x + LIMIT


def staying():
    return 1


class FooOrchestrator:
    async def run(self, x):
        return helper(x)
"""
WHOLE = "hands the whole module on"
BY_NAME = "its file replaces things by their name"


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ('setattr(importlib.import_module("shop.foo"), "helper", abs)', WHOLE),
        ('importlib.import_module("shop.foo").helper = abs', WHOLE),
        ('setattr(sys.modules["shop.foo"], "helper", abs)', WHOLE),
        ('importlib.reload(sys.modules["shop.foo"])', WHOLE),
        ('patch(f"{shop.foo.__name__}.helper", abs).start()', WHOLE),
        ('shop.foo.__dict__["helper"] = abs', WHOLE),
        ('patch.dict("shop.foo.__dict__", helper=abs).start()', "patches several names of the module"),
        ('PLACE = "shop.foo.helper"\npatch(PLACE, abs).start()', BY_NAME),
        ('MODULE = "shop.foo"\npatch(f"{MODULE}.helper", abs).start()', BY_NAME),
    ],
)
def test_a_class_stays_where_its_names_are_replaced_through_the_whole_module(
    lines: str, why: str, make_project: Any, migrate: Any
) -> None:
    imports = "import importlib\nimport sys\nfrom unittest.mock import patch\nimport shop.foo\n"
    files = {"shop/__init__.py": b"", "shop/foo.py": MIXED, "tests/test_foo.py": (imports + lines).encode()}
    plan = migrate(make_project(files), placement="split")
    assert any(why in refusal.why for refusal in plan.refusals), plan.refusals
    assert plan.changes == ()


def test_a_class_is_taken_out_where_its_module_is_only_named(make_project: Any, migrate: Any) -> None:
    names = b'PLUGINS = {"foo": "shop.foo.FooOrchestrator"}\nPLACE = "shop.foo"\n'
    files = {"shop/__init__.py": b"", "shop/foo.py": MIXED, "shop/plugins.py": names}
    plan = migrate(make_project(files), placement="split")
    assert plan.refusals == ()
    assert any(change.path == "shop/foo.py" for change in plan.changes)
