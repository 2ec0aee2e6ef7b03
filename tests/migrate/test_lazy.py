"""What is built on first use is what was built with the class, and whatever somebody could see stays."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import orchestra
import orchestra_codemods
from orchestra_codemods.apply import apply
from orchestra_codemods.change import Applied
from tests.support.legacy_bot import migration, outcomes

CASES = Path(orchestra_codemods.__file__).parent / "cases" / "migrate"
SHARED = """
import inspect, sys
from shop.hub import HubOrchestrator, RelativeOrchestrator

class Falsy:
    name, seen = "given", ["kept"]
    def __bool__(self):
        return False

class Given:
    name, seen = "given", []

def tell(make):
    try:
        one = make()
        said = [one.route("tea"), one.route("salt"), one.seen(), type(one.memory).__name__, one.size]
        return said + [one._router is one._router, type(one._router).__name__, vars(one._scores)]
    except Exception as error:
        return repr(error)

given = Given()
print(inspect.signature(HubOrchestrator), inspect.signature(RelativeOrchestrator))
for make in (
    HubOrchestrator,
    lambda: HubOrchestrator(given),
    lambda: HubOrchestrator(router=Falsy()),
    lambda: HubOrchestrator(None, None, 7),
    lambda: HubOrchestrator(memory=0),
    lambda: HubOrchestrator(1, 2, 3, 4),
):
    print(tell(make))
one, two = HubOrchestrator(), HubOrchestrator()
print(one._router is two._router, one.memory is two.memory, one._scores is two._scores)
print(RelativeOrchestrator().way(), HubOrchestrator(given)._router is given)
one._router = given
print(one.route("fake"))
"""
TIMING = """
import shop.parts, shop.hub
one = shop.hub.HubOrchestrator()
print(shop.parts._router is None)
one.route("tea")
print(shop.parts._router is one._router)
"""
CLEANED = """
import asyncio
from shop.hub import HubOrchestrator
from shop.parts import Router
closed = []
Router.close = lambda self: closed.append(self)
async def main():
    one = HubOrchestrator()
    router = one._router
    await one.cleanup()
    print(closed, one._router is router)
asyncio.run(main())
"""
Run = Callable[..., str]


@pytest.fixture
def run(make_project: Any, migrate: Any, read_tree: Any, tmp_path: Path) -> Run:
    """Run a script beside the project of the case: as it was, or migrated with some options."""

    def run(script: str, **options: Any) -> str:
        root = tmp_path / options.get("dependencies", "before")
        project = make_project(read_tree(CASES / "lazy_dependencies" / "before"))
        changes = migrate(project, placement="in-place", **options).changes if options else ()
        after = project.updated(changes).sources
        for path in after:
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(after[path].data)
        environment = {**os.environ, "PYTHONPATH": f".{os.pathsep}{Path(orchestra.__file__).parents[1]}"}
        command = [sys.executable, "-c", script]
        done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
        assert done.stderr == ""
        return done.stdout

    return run


def test_values_errors_signatures_and_identities_are_what_they_were(run: Run) -> None:
    before = run(SHARED)
    assert before.count("TypeError") == 1
    assert before.count("AttributeError") == 1
    assert run(SHARED, dependencies="lazy") == before


def test_it_is_built_on_first_use(run: Run) -> None:
    assert run(TIMING, dependencies="eager") == "False\nTrue\n"
    assert run(TIMING, dependencies="lazy") == "True\nTrue\n"


def test_what_was_never_closed_is_not_closed_now_and_outlives_a_cleanup(run: Run) -> None:
    assert run(CLEANED, dependencies="lazy") == "[] True\n"


def pages(plan: Any) -> dict[str, str]:
    return {
        change.path.rpartition("/")[2]: change.after.text
        for change in plan.changes
        if change.path.startswith("docs/migrations/")
    }


@pytest.mark.parametrize("case", ["lazy_dependencies", "lazy_that_stay"])
def test_each_thing_that_stays_is_told_with_its_reason(
    make_project: Any, migrate: Any, read_tree: Any, case: str
) -> None:
    project = make_project(read_tree(CASES / case / "before"))
    plan = migrate(project, placement="in-place", dependencies="lazy")
    told = [f"{one.path}:{one.span.line}: {one.message}" for one in plan.findings]
    assert told == (CASES / case / "told.txt").read_text().splitlines()
    said = "".join(pages(plan).values())
    for one in told:
        line, _, message = one.partition(":")[2].partition(": ")
        name, why = message.partition(" is still built")[0], message.partition(": ")[2]
        assert f"- `{name}`, line {line}, as before: {why}." in said


def test_a_page_says_what_the_option_would_do(make_project: Any, migrate: Any, read_tree: Any) -> None:
    project = make_project(read_tree(CASES / "lazy_dependencies" / "before"))
    plan = migrate(project, placement="in-place")
    assert "`get_router`, line 13, as before: `--lazy` would build it on first use." in pages(plan)["hub.md"]
    assert not any("lazy(" in one.after.text for one in plan.changes if one.path == "shop/hub.py")
    assert plan.findings == ()


SEEN = {
    "a test that patches the accessor": ("tests/test_it.py", 'patch("shop.parts.get_router")\n'),
    "a test that patches the class": ("tests/test_it.py", 'patch.object(parts, "Router", None)\n'),
    "an assignment to the accessor": ("shop/other.py", "from shop import parts\nparts.get_router = None\n"),
    "a module that is exchanged": ("tests/test_it.py", 'import sys\nsys.modules["shop.parts"] = None\n'),
    "the variable of the accessor": ("shop/other.py", "from shop import parts\nparts._router = None\n"),
    "an attribute that is set to None": ("shop/other.py", "def reset(hub):\n    hub._router = None\n"),
    "an attribute that is asked for": (
        "shop/other.py",
        'def has(hub):\n    return hasattr(hub, "_router")\n',
    ),
    "an instance that is copied": (
        "shop/other.py",
        "import copy\nfrom shop.hub import HubOrchestrator\ndef two(hub):\n    return copy.copy(hub)\n",
    ),
    "a stand-in of the class": (
        "tests/test_it.py",
        "from unittest.mock import Mock\nfrom shop.hub import HubOrchestrator\nMock(spec=HubOrchestrator)\n",
    ),
    "an heir": (
        "shop/other.py",
        "from shop.hub import HubOrchestrator\nclass Mine(HubOrchestrator):\n    pass\n",
    ),
}


@pytest.mark.parametrize("seen", SEEN)
def test_what_somebody_could_see_stays(make_project: Any, migrate: Any, read_tree: Any, seen: str) -> None:
    path, text = SEEN[seen]
    files = read_tree(CASES / "lazy_dependencies" / "before")
    plan = migrate(make_project({**files, path: text.encode()}), placement="in-place", dependencies="lazy")
    hub = next(change.after.text for change in plan.changes if change.path == "shop/hub.py")
    assert "self._router = router or get_router()" in hub
    assert any("get_router is still built with HubOrchestrator" in one.message for one in plan.findings)


@pytest.mark.soak
@pytest.mark.parametrize("placement", ["in-place", "auto"])
def test_the_legacy_application_passes_its_tests(pristine: Path, application: Path, placement: Any) -> None:
    _, planned = migration(application, placement=placement, dependencies="lazy")
    assert isinstance(apply(application, planned, command="migrate"), Applied)
    assert outcomes(application) == outcomes(pristine)
