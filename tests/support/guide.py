"""The blocks of the usage guide, what each is, and how a test runs one."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

ASSETS = Path(__file__).parents[1] / "assets"
GUIDE = (ASSETS / "usage_guide.md").read_text()
BLOCKS = re.findall(r"^```python\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
STEP_RESULT = "ultimate_discord_intelligence_bot.step_result"

RUNS, CORRECTED, FRAGMENT, SIGNATURE = "runs", "runs corrected", "fragment", "signature"
TABLE = {
    1: (RUNS, "the first orchestrator"),
    2: (RUNS, "register and use, after block 1"),
    3: (FRAGMENT, "a legacy class without its imports"),
    4: (RUNS, "the domain pattern; _analyze comes from the reader"),
    5: (FRAGMENT, "a caller before and after; interaction and url come from the reader"),
    6: (FRAGMENT, "the call whose parameters must not collide"),
    7: (CORRECTED, "a legacy class that cannot be built without a loop and cannot be stopped"),
    8: (CORRECTED, "the infrastructure pattern: ErrorCategory, a loop that spins, a coroutine never awaited"),
    9: (CORRECTED, "a task started in __init__"),
    10: (CORRECTED, "a loop that never ends"),
    11: (CORRECTED, "a clean-up that may hang"),
    12: (FRAGMENT, "a legacy class without its imports and dependencies"),
    13: (CORRECTED, "the application pattern: ErrorCategory, KeyError, no second start, a dropped task"),
    14: (CORRECTED, "callers of methods that the migrated class of block 13 does not have"),
    15: (CORRECTED, "an eager dependency"),
    16: (CORRECTED, "does not parse; several operations instead of one"),
    17: (FRAGMENT, "comments only"),
    18: (CORRECTED, "super().__init__(...) and a coroutine that is never awaited"),
    19: (CORRECTED, "super().__init__(...)"),
    20: (CORRECTED, "a cleanup() that is bounded only for tasks that let themselves be cancelled"),
    21: (FRAGMENT, "a legacy wrapper around orchestrate()"),
    22: (FRAGMENT, "a singleton accessor"),
    23: (FRAGMENT, "the routing ladder"),
    24: (FRAGMENT, "a lazy property"),
    25: (FRAGMENT, "logging in orchestrate()"),
    26: (RUNS, "the five tests, with block 1 in the domain package"),
    27: (SIGNATURE, "BaseOrchestrator"),
    28: (SIGNATURE, "OrchestrationContext"),
    29: (SIGNATURE, "OrchestrationFacade"),
    30: (SIGNATURE, "the enums"),
    31: (CORRECTED, "super().__init__(...) and a coroutine that is never awaited"),
    32: (CORRECTED, "a type added to an enum that is the project's own"),
    33: (RUNS, "registration before use, after block 1"),
    34: (FRAGMENT, "a loop with a shutdown event"),
    35: (RUNS, "an import"),
    36: (RUNS, "an import"),
    37: (RUNS, "an import"),
    38: (RUNS, "the common imports"),
    39: (CORRECTED, "does not parse: {layer} stands for a name, params for a mapping"),
}
TESTED: set[int] = set()
Test = TypeVar("Test", bound=Callable[..., Any])


def block(*numbers: int) -> Callable[[Test], Test]:
    """Say which blocks a test runs."""
    TESTED.update(numbers)
    return lambda function: function


def source(number: int, *edits: tuple[str, str]) -> str:
    text = str(BLOCKS[number - 1])
    for old, new in edits:
        assert old in text, f"block {number} has no {old!r}"
        text = text.replace(old, new)
    return text


async def run(text: str, **names: Any) -> dict[str, Any]:
    """Run a block, with ``await`` at its top level allowed, and return its names."""
    namespace = {"__name__": "guide_block", **names}
    code = compile(text, "<guide>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    made = eval(code, namespace)
    if inspect.isawaitable(made):
        await made
    return namespace


def method_of(text: str, *, base: str = "BaseOrchestrator", init: str | None = None) -> str:
    """Put methods that the guide shows alone into a class."""
    body = "".join(f"    {line}\n" for line in text.splitlines())
    given = init or 'super().__init__(OrchestrationLayer.DOMAIN, "shown")'
    constructor = "" if "def __init__" in text else f"    def __init__(self):\n        {given}\n"
    return f"class Shown({base}):\n{constructor}{body}"
