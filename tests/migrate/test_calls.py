"""Calls that go through the facade do what they did: same values, same exceptions, same order of effects."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestra_codemods.change import FacadeCall, Plan, Proof
from orchestra_codemods.verify import verify

HUB = """\
LOG = []
_hub = None


def note(value):
    LOG.append(value)
    return value


class HubOrchestrator:
    def __init__(self):
        LOG.append("made")

    async def send(self, text, *more, name="", operation=None, **rest):
        LOG.append("send")
        return text, more, name, operation, sorted(rest)

    async def fail(self, why="", *, context=None):
        raise LookupError(why, context)

    async def only(self, text, /, other=1):
        return text, other


def get_hub():
    global _hub
    if _hub is None:
        _hub = HubOrchestrator()
    return _hub
"""
RUN = """
import asyncio, inspect
from shop import calls
from shop.hub import LOG

def told(error):
    kind = next(one for one in type(error).__mro__ if one.__module__ == "builtins")
    return kind.__name__, error.args if kind is not TypeError else ""

async def main():
    for name in sorted(vars(calls)):
        if name.startswith("call_"):
            try:
                print(name, await vars(calls)[name]())
            except Exception as error:
                print(name, *told(error))
    print(LOG)

asyncio.run(main())
"""
PARTS = ("1", '"a"', "note(2)", "*[3, 4]", "None", "[note(5)]", "*()")
KEYWORDS = ('name="n"', "operation=note(6)", "why=7", "target=8", '**{"self_": 9}', "other=note(10)")
arguments = st.tuples(
    st.lists(st.sampled_from(PARTS), max_size=3),
    st.lists(st.sampled_from(KEYWORDS), max_size=2, unique=True),
    st.sampled_from((", ", ",", ",\n        ", ",  # why\n        ")),
    st.sampled_from(("", "\n        ", "  ")),
).map(lambda drawn: drawn[3] + drawn[2].join([*drawn[0], *drawn[1]]) + drawn[3])
receivers = st.sampled_from(("get_hub()", "hubs.get_hub()", "HubOrchestrator()", "local", "kept"))
calls = st.tuples(receivers, st.sampled_from(("send", "fail", "only")), arguments)


def caller(number: int, receiver: str, method: str, given_: str) -> str:
    lines = [f"async def call_{number:02}():"]
    if receiver in ("local", "kept"):
        lines.append(f"    {receiver} = {'get_hub()' if receiver == 'local' else 'HubOrchestrator()'}")
    return "\n".join([*lines, f"    return await {receiver}.{method}({given_})", "", ""])


def run(root: Path) -> str:
    environment = {
        **os.environ,
        "PYTHONPATH": ".",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": "ignore",
    }
    done = subprocess.run(
        [sys.executable, "-c", RUN], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def write(root: Path, project: Any) -> Path:
    for path, source in project.sources.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(source.data)
    return root


@pytest.mark.parametrize("how", ["facade", "facade-instances"])
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(drawn=st.lists(calls, min_size=12, max_size=24))
def test_values_exceptions_and_order_are_what_they_were(
    drawn: list[tuple[str, str, str]],
    how: str,
    make_project: Any,
    migrate: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    text = "from shop import hub as hubs\nfrom shop.hub import HubOrchestrator, get_hub, note\n\n\n"
    text += "\n".join(caller(number, *one) for number, one in enumerate(drawn))
    files = {"shop/__init__.py": b"", "shop/hub.py": HUB.encode(), "shop/calls.py": text.encode()}
    before = make_project(files)
    plan = migrate(before, callers=how)
    after = before.updated(plan.changes)
    proven = [one for change in plan.changes for one in change.calls]
    assert len(proven) + sum(one.path == "shop/calls.py" for one in plan.refusals) == len(drawn)
    assert migrate(after, callers=how).changes == ()
    root = tmp_path_factory.mktemp("calls")
    assert run(write(root / "after", after)) == run(write(root / "before", before))


@pytest.mark.parametrize("placement", ["auto", "in-place"])
def test_the_page_tells_who_calls_through_the_facade(make_project: Any, migrate: Any, placement: str) -> None:
    text = "from shop.hub import get_hub\n\n\nasync def call():\n    return await get_hub().send(1)\n"
    files = {"shop/__init__.py": b"", "shop/hub.py": HUB.encode(), "shop/calls.py": text.encode()}
    plan = migrate(make_project(files), callers="facade", placement=placement)
    (page,) = (one.after.text for one in plan.changes if one.path == "docs/migrations/hub.md")
    assert "These await it through the facade:\n\n- `shop/calls.py`: 1\n" in page
    assert "Nobody has to change" not in page


@pytest.mark.parametrize(
    "wrong",
    [
        'call("hub", "send", None, 2)',
        'call("hub", "fail", None, 1)',
        'call("other", "send", None, 1)',
        'call("hub", "send", 1)',
    ],
)
def test_a_call_other_than_the_declared_one_is_no_proof(make_project: Any, migrate: Any, wrong: str) -> None:
    text = "from shop.hub import get_hub\n\n\nasync def call():\n    return await get_hub().send(1)\n"
    files = {"shop/__init__.py": b"", "shop/hub.py": HUB.encode(), "shop/calls.py": text.encode()}
    project = make_project(files)
    plan = migrate(project, callers="facade")
    (change,) = (one for one in plan.changes if one.calls)
    assert change.proof is Proof.SAME_TREE
    module = "core.orchestration"
    assert change.calls == (FacadeCall(5, 11, "hub", "send", "get_orchestration_facade", module),)
    right = 'call("hub", "send", None, 1)'
    spoilt = change.after.with_text(change.after.text.replace(right, wrong))
    assert spoilt != change.after
    tampered = type(change)(
        change.before, spoilt, "", ("migrate:hub",), names=change.names, calls=change.calls
    )
    others = tuple(one for one in plan.changes if one is not change)
    result = verify(project, Plan((*others, tampered)), lambda *_: Plan())
    assert result.changes == ()
    assert any("declared" in one.why for one in result.refusals)
