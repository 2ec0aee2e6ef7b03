"""The breakages that hand migrations are known for, each by its name: none of them happens.

A legacy class with everything that was ever broken is moved to another package; the same script runs before
and after.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import orchestra
from orchestra_codemods.project import Project

FRAMEWORK = Path(orchestra.__file__).parents[1]
HUB = """\
import asyncio
import enum
from dataclasses import dataclass

from . import prices
from .prices import price_of


class Stage(enum.Enum):
    WAITING = "waiting"
    DONE = "done"


@dataclass
class HubConfig:
    retry_count: int = 3
    time_out: float = 1.5


class HubOrchestrator:
    def __init__(self, config, size=2, *, config_name="hub"):
        self.config = config
        self.size = size
        self.config_name = config_name
        self.beats = 0
        self.stage = Stage.WAITING
        self._loop_task = None
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            loop = None
        if loop is not None:
            self._loop_task = loop.create_task(self._beat())

    async def _beat(self):
        while True:
            self.beats += 1
            await asyncio.sleep(0)

    async def work(self, item, times=2, *, reverse=False):
        await asyncio.sleep(0)
        return {"items": [item] * times, "reverse": reverse}

    def count(self, first, second=5):
        return first + second

    async def fail(self, why):
        raise LookupError(why)

    async def take(self, name, context=None, operation=None, tenant_id=None, request_id=None, **kwargs):
        return name, context, operation, tenant_id, request_id, sorted(kwargs)

    async def stream(self, up_to):
        for each in range(up_to):
            yield each

    def quote(self, item):
        return price_of(item), prices.CURRENCY

    def stop(self):
        if self._loop_task is not None:
            self._loop_task.cancel()


_hub = None


def get_hub(config=None, size=7):
    global _hub
    if _hub is None:
        _hub = HubOrchestrator(config, size)
    return _hub
"""
PRICES = 'CURRENCY = "EUR"\n\n\ndef price_of(item):\n    return len(item)\n'
TEST = """\
from unittest import mock

from shop.sub.hub import HubOrchestrator


def priced():
    with mock.patch("shop.sub.hub.price_of", return_value=99):
        return HubOrchestrator(None).quote("x")
"""
SCRIPT = """\
import sys
sys.path.insert(0, "..")
from shop.sub import hub


def size():
    return hub.get_hub().size
"""
RUN = """\
import asyncio, inspect, json, warnings
warnings.simplefilter("error", RuntimeWarning)
from shop.sub import hub
from shop.sub.hub import HubConfig, HubOrchestrator, Stage, get_hub
import tests.test_hub, scripts.run

found = {}
COLOURS = inspect.iscoroutinefunction, inspect.isasyncgenfunction


def told(name):
    def tell(function):
        value = function()
        if inspect.iscoroutine(value):
            value = asyncio.run(value)
        found[name] = repr(value)
    return tell


async def failure(function, *args):
    try:
        return await function(*args)
    except Exception as error:
        return type(error).__name__, error.args


@told("enum members and attributes")
def _():
    one = HubOrchestrator(HubConfig())
    own = [name for name in sorted(vars(one)) if not name.startswith("__")]
    return list(Stage), HubConfig(), own, one.stage


@told("methods")
def _():
    own = [name for name in vars(HubOrchestrator) if not name.startswith("__")]
    return [name for name in own if callable(vars(HubOrchestrator)[name])]


@told("colour and arity")
def _():
    own = {name: each for name, each in vars(HubOrchestrator).items() if inspect.isfunction(each)}
    return [
        (name, str(inspect.signature(each)), *(is_it(each) for is_it in COLOURS))
        for name, each in own.items()
        if not name.startswith("__")
    ]


@told("defaults")
async def _():
    one = HubOrchestrator(None)
    return one.size, one.config_name, await one.work("a"), one.count(1), HubConfig().retry_count


@told("parameters of accessors")
def _():
    hub._hub = None
    return str(inspect.signature(get_hub)), get_hub(HubConfig(), size=4).size, get_hub().size


@told("exceptions")
async def _():
    one = HubOrchestrator(None)
    return await failure(one.fail, "because"), await failure(one.work)


@told("required parameters")
def _():
    try:
        HubOrchestrator()
    except TypeError as error:
        return str(inspect.signature(HubOrchestrator)), str(error).replace("HubOrchestrator.", "")


@told("a second construction")
async def _():
    return [HubOrchestrator(each).config for each in (1, 2, 2)]


@told("background tasks after the first call")
async def _():
    one = HubOrchestrator(None)
    await one.work("a")
    before = one.beats
    for _ in range(5):
        await asyncio.sleep(0)
    return one.beats > before, one._loop_task.done()


@told("background tasks of direct callers")
async def _():
    one = HubOrchestrator(None)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return one.beats > 0


@told("tasks before an error")
async def _():
    try:
        HubOrchestrator(None, wrong=1)
    except TypeError:
        pass
    one = HubOrchestrator(None)
    await failure(one.fail, "x")
    one.stop()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return len(asyncio.all_tasks()) - 1


@told("keywords that the framework uses")
async def _():
    names = dict.fromkeys(("message", "level", "event", "layer", "success", "orchestrator", "self_"), 1)
    return await HubOrchestrator(None).take("n", context=2, operation=3, tenant_id=4, request_id=5, **names)


@told("the depth of values")
async def _():
    one = HubOrchestrator(None)
    return await one.work("a", times=1), [each async for each in one.stream(2)]


@told("relative imports")
def _():
    return HubOrchestrator(None).quote("abc")


@told("importers in tests and scripts")
def _():
    return tests.test_hub.priced(), scripts.run.size()


print(json.dumps(found))
"""
EXPECTED = {
    "enum members and attributes": "[<Stage.WAITING: 'waiting'>, <Stage.DONE: 'done'>]",
    "methods": "'quote'",
    "colour and arity": "('work', '(self, item, times=2, *, reverse=False)', True, False)",
    "defaults": "{'items': ['a', 'a'], 'reverse': False}",
    "parameters of accessors": "('(config=None, size=7)', 4, 4)",
    "exceptions": "('LookupError', ('because',))",
    "required parameters": "missing 1 required positional argument: 'config'",
    "a second construction": "[1, 2, 2]",
    "background tasks after the first call": "(True, False)",
    "background tasks of direct callers": "True",
    "tasks before an error": "0",
    "keywords that the framework uses": "('n', 2, 3, 4, 5,",
    "the depth of values": "({'items': ['a'], 'reverse': False}, [0, 1])",
    "relative imports": "(3, 'EUR')",
    "importers in tests and scripts": "((99, 'EUR'), 4)",
}
FILES = {
    "shop/__init__.py": "",
    "shop/sub/__init__.py": "",
    "shop/sub/hub.py": HUB,
    "shop/sub/prices.py": PRICES,
    "tests/__init__.py": "",
    "tests/test_hub.py": TEST,
    "scripts/__init__.py": "",
    "scripts/run.py": SCRIPT,
}


@pytest.fixture(scope="module")
def told(
    make_project: Any, migrate: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, str], dict[str, str]]:
    """Run the script before and after, and return what it found by breakage."""
    before = make_project({path: text.encode() for path, text in FILES.items()})
    plan = migrate(before)
    assert plan.refusals == ()
    after = before.updated(plan.changes)
    assert "core/orchestration/application/hub.py" in after.sources
    folder = tmp_path_factory.mktemp("fourteen")
    return run(before, folder / "before"), run(after, folder / "after")


def run(project: Project, folder: Path) -> dict[str, str]:
    for path in project.sources:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(project.sources[path].data)
    environment = {**os.environ, "PYTHONPATH": f".:{FRAMEWORK}", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", RUN], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


def check(told: tuple[dict[str, str], dict[str, str]], breakage: str) -> None:
    before, after = told
    assert EXPECTED[breakage] in before[breakage]
    assert after[breakage] == before[breakage]


def test_no_enum_member_attribute_or_field_is_renamed(told: Any) -> None:
    check(told, "enum members and attributes")


def test_no_method_is_lost(told: Any) -> None:
    check(told, "methods")


def test_no_method_changes_its_colour_or_arity(told: Any) -> None:
    check(told, "colour and arity")


def test_no_default_changes(told: Any) -> None:
    check(told, "defaults")


def test_accessors_keep_their_parameters(told: Any) -> None:
    check(told, "parameters of accessors")


def test_exceptions_are_raised_and_not_turned_into_results(told: Any) -> None:
    check(told, "exceptions")


def test_required_parameters_stay_required(told: Any) -> None:
    check(told, "required parameters")


def test_a_second_construction_does_not_fail_on_registration(told: Any) -> None:
    check(told, "a second construction")


def test_background_tasks_live_on_after_the_first_call(told: Any) -> None:
    check(told, "background tasks after the first call")


def test_background_tasks_start_for_callers_who_call_methods_directly(told: Any) -> None:
    check(told, "background tasks of direct callers")


def test_no_task_is_leaked_before_an_error(told: Any) -> None:
    check(told, "tasks before an error")


def test_keywords_collide_neither_with_the_logger_nor_with_the_facade(told: Any) -> None:
    check(told, "keywords that the framework uses")


def test_values_are_nested_no_level_deeper(told: Any) -> None:
    check(told, "the depth of values")


def test_relative_imports_survive_the_move(told: Any) -> None:
    check(told, "relative imports")


def test_importers_in_tests_and_scripts_are_not_left_behind(told: Any) -> None:
    check(told, "importers in tests and scripts")
