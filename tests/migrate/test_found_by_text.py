"""Code that finds a module or its names without an import goes on finding what it found."""

from __future__ import annotations

from typing import Any

import pytest

FOO = b"def other():\n    return 2\n\n\nclass FooOrchestrator:\n    def run(self):\n        return 1\n"
HEAD = "import importlib, inspect, pkgutil, runpy\nimport pathlib\nimport shop\nfrom shop.foo import other\n"
WALK = (
    "for info in pkgutil.walk_packages(shop.__path__):\n    found = vars(importlib.import_module(info.name))"
)

Files = dict[str, bytes]


def project_files(user: str) -> Files:
    return {"shop/__init__.py": b"", "shop/foo.py": FOO, "shop/user.py": f"{HEAD}{user}\n".encode()}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('runpy.run_path("shop/foo.py")', "line 5 of shop/user.py names its file"),
        ('pathlib.Path(__file__).with_name("foo.py").read_text()', "line 5 of shop/user.py names its file"),
        ('open(f"{shop.__path__[0]}/foo.py").read()', "line 5 of shop/user.py names its file"),
        ('getattr(shop, "foo")', "line 5 of shop/user.py asks shop for it by its name"),
        ('hasattr(shop, "foo")', "line 5 of shop/user.py asks shop for it by its name"),
        ('patch.object(shop, "foo")', "line 5 of shop/user.py asks shop for it by its name"),
        (
            f"{WALK}\n    found = [each for each in found.values() if each.__module__ == info.name]",
            "line 6 of shop/user.py looks",
        ),
    ],
)
def test_a_module_stays_that_is_found_without_an_import(
    line: str, why: str, make_project: Any, migrate: Any
) -> None:
    auto = migrate(make_project(project_files(line)))
    assert "core/orchestration/domain/foo.py" not in {change.path for change in auto.changes}
    assert "shop/foo.py" in {change.path for change in auto.changes}
    for placement in ("move", "split"):
        plan = migrate(make_project(project_files(line)), placement=placement)
        assert [why in refusal.why for refusal in plan.refusals] == [True], plan.refusals
        assert plan.changes == ()


@pytest.mark.parametrize(
    "line",
    [
        'open("data/foo.txt"), print("other/foo.py")',
        'getattr(other, "foo")',
        "[info.name for info in pkgutil.iter_modules(shop.__path__)]",
        "vars(other), dir(shop), inspect.getmembers(shop)",
    ],
)
def test_a_module_moves_where_something_else_is_meant(line: str, make_project: Any, migrate: Any) -> None:
    plan = migrate(make_project(project_files(line)), placement="move")
    assert "core/orchestration/domain/foo.py" in {change.path for change in plan.changes}


@pytest.mark.parametrize(
    "line",
    [
        'module = importlib.import_module("shop.foo")\nfound = dir(module)',
        "def found(module: object): return inspect.getmembers(module)\nPLUGINS = ['shop.foo']",
        "from shop import foo\nfound = list(foo.__dict__)",
        "from shop import foo\nfound = vars(foo).items()",
        WALK,
    ],
)
def test_a_class_is_refused_where_the_names_of_the_framework_would_be_taken_for_its_modules(
    line: str, make_project: Any, migrate: Any
) -> None:
    for placement in ("auto", "in-place", "move"):
        plan = migrate(make_project(project_files(line)), placement=placement)
        assert ["looks through all names of shop.foo" in refusal.why for refusal in plan.refusals] == [True]
        assert plan.changes == ()


@pytest.mark.parametrize(
    ("end", "is_refused"),
    [
        ("ALL = [name for name in dir() if name[0] != '_']", True),
        ("ALL = {name: each for name, each in globals().items()}", True),
        ("def found():\n    return list(globals())", True),
        ("ALL = globals()['other']", False),
        ("def found(name):\n    return globals().get(name), vars()", False),
    ],
)
def test_a_module_that_looks_through_its_own_names_is_not_given_more(
    end: str, is_refused: bool, make_project: Any, migrate: Any
) -> None:
    files = {"shop/__init__.py": b"", "shop/foo.py": FOO + end.encode() + b"\n"}
    plan = migrate(make_project(files), placement="in-place")
    assert bool(plan.refusals) is is_refused
    assert bool(plan.changes) is not is_refused


def test_the_package_that_import_returns_stays_the_one_that_is_meant(make_project: Any, migrate: Any) -> None:
    plan = migrate(make_project(project_files('__import__("shop.foo").foo.other()')), placement="move")
    changed = {change.path: change.after.text for change in plan.changes if change.after is not None}
    assert "from core.orchestration.domain.foo import other" in changed["shop/user.py"]
    assert '__import__("shop.foo").foo' in changed["shop/user.py"]


@pytest.mark.parametrize(
    ("body", "is_moved"),
    [
        ('return f"{thing.__module__}.{thing.__qualname__}"', False),
        ('return thing.__module__ + ":" + thing.__name__', False),
        ('return ".".join((thing.__module__, thing.__name__))', False),
        ('return f"{thing.__module__}.{other.__name__}"', True),
    ],
)
def test_a_module_stays_where_things_get_a_name_made_of_it(
    body: str, is_moved: bool, make_project: Any, migrate: Any
) -> None:
    names = f"class Names:\n    def of(self, thing, other):\n        {body}\n"
    user = f"import shop.foo\n\n\n{names}".encode()
    foo = FOO.replace(b"return 1", b"return other()")
    plan = migrate(make_project({"shop/__init__.py": b"", "shop/foo.py": foo, "shop/user.py": user}))
    assert ("core/orchestration/domain/foo.py" in {change.path for change in plan.changes}) is is_moved
