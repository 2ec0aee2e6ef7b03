"""`StepResult.fail` is called without a category.

Callers retry by category, and metrics count by it: without one every failure is PROCESSING. Opt-in, because code
that was written before categories has it everywhere: select it by name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.unit import Case

CODE = "ORC013"
DEFAULT = "opt-in"
TOKENS = ((b"StepResult",), (b".fail(",))
NODES = (ast.Call,)


def check(file: File, node: ast.Call) -> Iterator[Hit]:
    """Look at calls of `fail`."""
    function = node.func
    if not isinstance(function, ast.Attribute) or function.attr != "fail":
        return
    if (file.dotted(function.value) or "").rpartition(".")[2] != "StepResult":
        return
    if len(node.args) < 2 and not any(one.arg in {"error_category", None} for one in node.keywords):
        yield Hit(node, "say what kind of failure this is: `error_category=ErrorCategory.…`")


CASES = (
    Case("no category", 'from orchestra import StepResult\n\nresult = StepResult.fail("no such report")\n'),
)
CLEAN = (
    Case(
        "with one",
        'from orchestra import ErrorCategory, StepResult\n\nresult = StepResult.fail("no", error_category=ErrorCategory.NOT_FOUND)\n',
    ),
    Case(
        "perhaps among others",
        'from orchestra import StepResult\n\nresult = StepResult.fail("no", **details)\n',
    ),
    Case(
        "pytest's", 'import pytest\nfrom orchestra import StepResult\n\npytest.fail("no")\nStepResult.ok()\n'
    ),
)
