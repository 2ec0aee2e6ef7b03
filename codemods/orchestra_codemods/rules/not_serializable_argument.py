"""A callable, a lock or an open file is passed to a durable operation.

What a durable operation is given is written as JSON before it runs, on whichever machine: this call is refused
when it is made. Pass plain values, or `Ref("kind", id)` with a resolver.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.syntax.collectors import is_facade, place
from orchestra_codemods.syntax.fact import Collector, Fact, Facts, Placed
from orchestra_codemods.syntax.file import FUNCTIONS, File
from orchestra_codemods.syntax.flow import body_of, own
from orchestra_codemods.syntax.orchestrators import is_marked, is_orchestrator, metadata
from orchestra_codemods.syntax.tasks import methods
from orchestra_codemods.unit import Case

CODE = "ORC305"
_BAD = {
    "asyncio.Lock",
    "asyncio.Event",
    "asyncio.Queue",
    "asyncio.Semaphore",
    "threading.Lock",
    "threading.RLock",
    "open",
    "aiohttp.ClientSession",
    "httpx.AsyncClient",
    "httpx.Client",
    "requests.Session",
}


def _durable(file: File, node: ast.ClassDef) -> Iterator[Fact]:
    given = metadata(node) if is_orchestrator(file, node) else None
    if given is None or given.literal_name is None:
        return
    marked = [one for one in methods(node).values() if is_marked(file, one, "operation")]
    durable = [
        one.name
        for one in marked
        if any("durable=True" in ast.unparse(decorator) for decorator in one.decorator_list)
    ]
    if durable:
        yield place(
            file, node, given.literal_name, operations=" ".join(durable), sole="1" if len(marked) == 1 else ""
        )


def _arguments(file: File, node: ast.Call) -> Iterator[Fact]:
    if (
        not isinstance(node.func, ast.Attribute)
        or node.func.attr not in {"orchestrate", "call"}
        or not is_facade(file, node.func.value)
        or not node.args
    ):
        return
    name = node.args[0]
    if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
        return
    operation = (
        node.args[1]
        if node.func.attr == "call" and len(node.args) > 1
        else next((one.value for one in node.keywords if one.arg == "operation"), None)
    )
    asked = str(operation.value) if isinstance(operation, ast.Constant) else ""
    given = [(f"argument {number}", one) for number, one in enumerate(node.args[3:], 1)]
    given += [(keyword.arg or "**", keyword.value) for keyword in node.keywords]
    for parameter, value in given:
        if _is_bad(file, value):
            yield place(file, value, name.value, operation=asked, parameter=parameter)


def _is_bad(file: File, value: ast.expr) -> bool:
    """Tell whether a value, or what its name was given in the same function, cannot be written as JSON."""
    if isinstance(value, ast.Name):
        scope = file.function_of(value) or file.tree
        defined = (one for one in (*file.tree.body, *own(body_of(scope))) if isinstance(one, FUNCTIONS))
        return any(one.name == value.id for one in defined) or any(
            isinstance(one, ast.Assign)
            and [ast.unparse(target) for target in one.targets] == [value.id]
            and not isinstance(one.value, ast.Name)
            and _is_bad(file, one.value)
            for one in own(body_of(scope))
        )
    return isinstance(value, ast.Lambda) or (isinstance(value, ast.Call) and file.dotted(value.func) in _BAD)


DURABLE = Collector("durable", ((b"durable=True",), (b"BaseOrchestrator",)), (ast.ClassDef,), _durable)
ARGUMENTS = Collector(
    "arguments",
    (
        (b"acade",),
        (b".call(", b".orchestrate("),
    ),
    (ast.Call,),
    _arguments,
)
FACTS = (DURABLE, ARGUMENTS)


def judge(facts: Facts) -> Iterator[Placed]:
    """Compare such arguments with the operations that are durable."""
    durable = {fact.name: fact for _, fact in facts.of(DURABLE)}
    for path, fact in facts.of(ARGUMENTS):
        target = durable.get(fact.name)
        if target is None:
            continue
        operation = fact.data["operation"]
        if operation in target.data["operations"].split() or (not operation and target.data["sole"]):
            yield Placed(
                path,
                fact,
                f"`{fact.data['parameter']}` cannot be written as JSON, and `{fact.name}` is durable",
            )


_FLOW = """# file: src/flow.py
from orchestra import BaseOrchestrator, OrchestrationLayer, operation

class Flow(BaseOrchestrator):
    def __init__(self):
        super().__init__(layer=OrchestrationLayer.DOMAIN, name="flow")

    @operation(durable=True)
    async def run(self, url):
        return url

    @operation
    async def look(self, filter):
        return filter
"""
CASES = (
    Case(
        "a lambda",
        _FLOW
        + '# file: src/main.py\nasync def main(facade, context):\n    await facade.orchestrate("flow", context, operation="run", url=lambda: 1)\n',
    ),
    Case(
        "a lock, through call",
        _FLOW
        + '# file: src/main.py\nimport asyncio\n\nasync def main(facade):\n    await facade.call("flow", "run", None, url=asyncio.Lock())\n',
    ),
)
CLEAN = (
    Case(
        "what crosses by its annotation, or by its name",
        _FLOW
        + '# file: src/main.py\nfrom datetime import date\nfrom pathlib import Path\nfrom orchestra import Ref\nfrom shop import Parcel, Size\n\nasync def main(facade, context):\n    due = date(2026, 1, 31)\n    parcel = Parcel(Size.LARGE, due)\n    for url in (due, Path("a"), {Size.SMALL}, parcel, Ref("lamp", 5)):\n        await facade.orchestrate("flow", context, operation="run", url=url)\n    await facade.orchestrate("flow", context, operation="run", url=parcel)\n',
    ),
    Case(
        "plain values",
        _FLOW
        + '# file: src/main.py\nasync def main(facade, context):\n    await facade.orchestrate("flow", context, operation="run", url="x")\n',
    ),
    Case(
        "an operation that is not durable",
        _FLOW
        + '# file: src/main.py\nasync def main(facade, context):\n    await facade.orchestrate("flow", context, operation="look", filter=lambda: 1)\n',
    ),
)
