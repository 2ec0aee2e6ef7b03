"""A durable operation asks the clock, chance or the network outside a step.

After a crash the operation runs again from its beginning and replays its steps; what was asked outside a step
gives another answer, and the run takes another way than its journal says. Put it into `await
self.runtime.step("name", function)`.

The fix makes a step of the call. It is unsafe because runs that were begun before have no such step.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.change import Fix
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.file import FUNCTIONS
from orchestra_codemods.syntax.flow import own
from orchestra_codemods.syntax.hit import unsafe
from orchestra_codemods.unit import Case

CODE = "ORC306"
TOKENS = ((b"durable=True",),)
NODES = (ast.AsyncFunctionDef,)
_UNSTEADY = re.compile(
    r"(time\.(time|time_ns|monotonic|perf_counter)|datetime\.(datetime\.|date\.)?(now|utcnow|today)|random\.\w+|secrets\.\w+|"
    r"uuid\.uuid[14]|os\.urandom|open|requests\.\w+|httpx\.\w+|urllib\.request\.urlopen|socket\.\w+|subprocess\.\w+)\Z"
)


def check(file: File, node: ast.AsyncFunctionDef) -> Iterator[Hit]:
    """Look at the body of durable operations, without the functions that are handed to steps."""
    if not any(
        isinstance(one, ast.Call) and "durable=True" in ast.unparse(one) for one in node.decorator_list
    ):
        return
    for one in own(node.body):
        if isinstance(one, ast.Call):
            name = file.dotted(one.func)
            if name is not None and _UNSTEADY.match(name) and not _is_in_step(file, one):
                yield Hit(
                    one, f"`{name}` gives another answer on replay: make it a step", _fix(file, one, name)
                )


def _is_in_step(file: File, node: ast.AST) -> bool:
    """Tell whether a function around the call is handed on; one that is defined here is a step's."""
    for one in file.ancestors(node):
        if isinstance(one, ast.Lambda):
            return True
        if isinstance(one, FUNCTIONS):
            return not one.decorator_list
    return False


def _fix(file: File, node: ast.Call, name: str) -> Fix | None:
    if node.args or node.keywords:
        return None
    function = file.text_of(node.func)
    return unsafe(file.replace(node, f'await self.runtime.step("{name.rpartition(".")[2]}", {function})'))


_HEAD = "import time\nimport uuid\nfrom orchestra import BaseOrchestrator, operation\n\nclass Flow(BaseOrchestrator):\n    @operation(durable=True)\n    async def run(self):\n"
CASES = (
    Case(
        "the clock",
        _HEAD + "        started = time.time()  # now\n        return started\n",
        _HEAD
        + '        started = await self.runtime.step("time", time.time)  # now\n        return started\n',
    ),
    Case(
        "chance, in an expression",
        _HEAD + "        return str(uuid.uuid4())\n",
        _HEAD + '        return str(await self.runtime.step("uuid4", uuid.uuid4))\n',
    ),
)
CLEAN = (
    Case(
        "in a step",
        _HEAD
        + '        started = await self.runtime.step("now", time.time)\n        key = await self.runtime.step("key", lambda: str(uuid.uuid4()))\n        return started, key\n',
    ),
    Case(
        "an operation that is not durable",
        "import time\nfrom orchestra import BaseOrchestrator, operation\n\nclass Flow(BaseOrchestrator):\n    @operation\n    async def run(self):\n        return time.time()\n\nDURABLE = dict(durable=True)\n",
    ),
    Case(
        "a function that a step runs",
        _HEAD
        + "        def roll():\n            return uuid.uuid4()\n        return await self.runtime.step('roll', roll)\n",
    ),
)
