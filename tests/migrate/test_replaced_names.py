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
        ('shop.foo.FooOrchestrator.run.__globals__["LIMIT"] = 4', "through a function of the module"),
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


SHADOWED = b"""
def super():
    return "mine"


def staying():
    return 1


class FooOrchestrator:
    def run(self):
        return super()
"""


def test_a_name_of_python_that_the_module_gives_a_meaning_goes_along(make_project: Any, migrate: Any) -> None:
    project = make_project({"shop/__init__.py": b"", "shop/foo.py": SHADOWED})
    plan = migrate(project, placement="split")
    after = {change.path: change.after.text for change in plan.changes if change.after is not None}
    assert plan.refusals == ()
    assert "def super" in after["core/orchestration/domain/foo.py"]
    assert "def super" not in after["shop/foo.py"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"from math import *", "pow may come from the star import here"),
        (b"eval = eval", "it runs text, in which any name of its module may stand"),
    ],
)
def test_a_class_stays_where_a_name_that_it_uses_may_be_any(
    line: bytes, why: str, make_project: Any, migrate: Any
) -> None:
    uses = b"        pow(1, 2)\n" if b"import" in line else b"        eval('helper(1)')\n"
    text = line + MIXED.replace(b"        return helper(x)\n", uses)
    plan = migrate(make_project({"shop/__init__.py": b"", "shop/foo.py": text}), placement="split")
    assert [why in refusal.why for refusal in plan.refusals] == [True], plan.refusals
    assert plan.changes == ()


@pytest.mark.parametrize(
    ("end", "others"),
    [
        (b'__all__ = ["staying"]\n__all__.append("_hidden")\n', {}),
        (b"", {"shop/user.py": b'from shop import foo\nfound = getattr(foo, "_hidden")\n'}),
    ],
)
def test_a_private_name_that_is_read_by_text_is_taken_back(
    end: bytes, others: dict[str, bytes], make_project: Any, migrate: Any
) -> None:
    text = MIXED.replace(b"LIMIT", b"_hidden") + end
    plan = migrate(make_project({"shop/__init__.py": b"", "shop/foo.py": text, **others}), placement="split")
    after = {change.path: change.after.text for change in plan.changes if change.after is not None}
    assert plan.refusals == ()
    assert "_hidden" in after["shop/foo.py"].partition("def staying")[0]


def test_a_module_with_carriage_returns_alone_is_not_taken_apart(make_project: Any, migrate: Any) -> None:
    text = MIXED.replace(b"    return 1\n", b"    return 1\n\rOTHER = 2\r")
    plan = migrate(make_project({"shop/__init__.py": b"", "shop/foo.py": text}), placement="split")
    assert ["carriage return alone" in refusal.why for refusal in plan.refusals] == [True]
    assert plan.changes == ()
