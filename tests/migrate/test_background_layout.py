"""A call that starts a task is rewritten where it stands: same arguments, same lines, no comment lost."""

from __future__ import annotations

import ast
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra_codemods.change import apply_edits
from orchestra_codemods.migrations.background import background_edits

CLASS = "class X:\n    async def _a(self, *a): ...\n\n    def go(self):\n        self.t = {}\n"
LAID_OUT = {
    "on lines of their own": (
        """asyncio.create_task(
            self._a(x, y),
            name=n,
        )""",
        """self.runtime.spawn(
            self._a,
            x,
            y,
            name=n,
        )""",
    ),
    "with comments": (
        """asyncio.create_task(
            self._a(
                x,  # one, two
                y,  # three
            ),
            name=n,
        )""",
        """self.runtime.spawn(
            self._a,
                x,  # one, two
                y,  # three
            name=n,
        )""",
    ),
    "without arguments": (
        """asyncio.create_task(
            self._a(),  # for ever
        )""",
        """self.runtime.spawn(
            self._a,  # for ever
        )""",
    ),
}


def rewritten(call: str) -> str:
    text = CLASS.format(call)
    target: Any = SimpleNamespace(class_name="X", background_tasks=(SimpleNamespace(line=5),))
    return apply_edits(text, list(background_edits(text, target)))


@pytest.mark.parametrize("title", LAID_OUT)
def test_lines_and_comments_stay(title: str) -> None:
    before, after = LAID_OUT[title]
    assert rewritten(before) == CLASS.format(after)


spaces = st.sampled_from(["", " ", "\n            "])


@given(
    creator=st.sampled_from(["asyncio.create_task", "asyncio.ensure_future", "create_task"]),
    given_=st.lists(st.sampled_from(["x", "(y)", "*z", "f(1, 2)", "'a, b'", "(i for i in j)"]), max_size=3),
    gaps=st.tuples(*[spaces] * 5),
    commas=st.tuples(st.booleans(), st.booleans()),
    name=st.sampled_from(["", "name=n", "name=(n)"]),
)
def test_the_arguments_are_those_of_the_old_call(
    creator: str, given_: list[str], gaps: tuple[str, ...], commas: tuple[bool, bool], name: str
) -> None:
    inner = f",{gaps[0]}".join(given_) + ("," if commas[0] and given_ else "")
    outer = f",{gaps[1]}{name}" if name else ""
    call = f"{creator}({gaps[2]}self._a({gaps[3]}{inner}{gaps[4]}){outer}{',' if commas[1] else ''})"
    assert isinstance(ast.parse(call), ast.Module)
    text = rewritten(call)
    (assignment,) = (each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Assign))
    plain = ", ".join(["self._a", *given_, *filter(None, [name])])
    assert ast.dump(assignment.value) == ast.dump(ast.parse(f"self.runtime.spawn({plain})", mode="eval").body)
