"""An orchestrator is built and called outside the wiring.

A second instance has its own state and background tasks, nobody closes it, and its calls are neither logged nor
limited. Ask the facade: `await facade.orchestrate("name", context, …)` or `facade.call(…)`. The callers of a
migrated class may go on building it until the date of the old module's record has passed, and where the class was
migrated in place.

The fix turns `await Flow().run(…)` into `await facade.call("flow", "run", context, …)`, where the function is given
both and the name is registered. It is unsafe: the instance of the process answers, with its state, within the limits
of the facade.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.change import Edit, Fix
from orchestra_codemods.syntax.collectors import BUILDINGS, DEFINITIONS, REGISTRATIONS
from orchestra_codemods.syntax.construction import constructible
from orchestra_codemods.syntax.deprecations import in_transition
from orchestra_codemods.syntax.exports import EXPORTS, kept_in_place
from orchestra_codemods.syntax.fact import Fact, Facts, Placed
from orchestra_codemods.syntax.file import File
from orchestra_codemods.syntax.hit import unsafe
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.places import module_of
from orchestra_codemods.unit import Case

CODE = "ORC205"
FACTS = (BUILDINGS, DEFINITIONS, EXPORTS, REGISTRATIONS)
_TYPES = {"OrchestrationFacade", "OrchestrationContext"}
_WIRING = re.compile(r"(.*/)?(wiring|orchestrators|facade|conftest|__main__|demo|examples?/.*)(\.py)?\Z")
_MAKERS = re.compile(r"_?(get|build|make|create|new|wire|register|_)\w*\Z|main\Z")


def judge(facts: Facts) -> Iterator[Placed]:
    """Look at calls on orchestrators that were built in the same function."""
    classes = _settled(facts)
    registering = {path for path, _ in facts.of(REGISTRATIONS)}
    for path, fact in facts.of(BUILDINGS):
        if fact.name not in classes or not fact.data["called"] or path in registering:
            continue
        if fact.data["script"] or _WIRING.match(path) or _MAKERS.match(fact.data["function"]):
            continue
        message = f"`{fact.name}` is built and called here, past the facade"
        yield Placed(path, fact, message, _fix(facts, path, fact))


def _fix(facts: Facts, path: str, fact: Fact) -> Fix | None:
    """Call the registered one instead, where it is built without arguments, called once and awaited."""
    source, name = facts.source(path), _registered(facts, fact.name)
    if source is None or name is None:
        return None
    file = File(source, facts.config)
    start = int(fact.data["start"])
    built = next(
        (
            one
            for one in everything(file.tree)
            if isinstance(one, ast.Call) and file.start(one) == start and _is_bare(one)
        ),
        None,
    )
    method = file.parents.get(built) if built is not None else None
    call = file.parents.get(method) if isinstance(method, ast.Attribute) else None
    if not isinstance(method, ast.Attribute) or not isinstance(call, ast.Call) or call.func is not method:
        return None
    function = file.function_of(call)
    if not isinstance(file.parents.get(call), ast.Await) or not isinstance(function, ast.AsyncFunctionDef):
        return None
    if not {"facade", "context"} <= _given(function) or not _is_operation(facts, fact.name, method.attr):
        return None
    opening = file.text.index("(", file.end(method))
    if file.text[file.end(method) : opening].strip() or "#" in file.text[file.start(call) : opening]:
        return None
    rest = ", " if call.args or call.keywords else ""
    head = f'facade.call("{name}", "{method.attr}", context{rest}'
    return unsafe(Edit(file.start(call), opening + 1, head))


def _is_bare(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name | ast.Attribute) and not call.args and not call.keywords


def _given(function: ast.AsyncFunctionDef) -> set[str]:
    """Return the parameters of a function that it never binds anew, and that are what their names say."""
    arguments = function.args
    names = {
        one.arg
        for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        if one.annotation is None or ast.unparse(one.annotation).strip("'\"").rpartition(".")[2] in _TYPES
    }
    return names - {
        one.id
        for one in everything(function)
        if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load)
    }


def _home(facts: Facts, name: str) -> tuple[str, Fact] | None:
    """Return the one definition of a class."""
    found = [one for one in facts.of(DEFINITIONS) if one[1].name == name]
    return found[0] if len(found) == 1 else None


def _registered(facts: Facts, name: str) -> str | None:
    """Return the name under which a class is registered."""
    home = _home(facts, name)
    known = {fact.name for _, fact in facts.of(REGISTRATIONS) if fact.data["how"] == "register_factory"}
    given = home[1].data["name"] if home is not None else ""
    return given if given in known else None


def _is_operation(facts: Facts, name: str, method: str) -> bool:
    """Tell whether a method is marked `@operation` and awaited."""
    home = _home(facts, name)
    cls = constructible(facts.read(home[0]) or "", name) if home is not None else None
    return cls is not None and any(
        isinstance(one, ast.AsyncFunctionDef)
        and one.name == method
        and [ast.unparse(mark).partition("(")[0] for mark in one.decorator_list] == ["operation"]
        for one in cls.body
    )


def _settled(facts: Facts) -> set[str]:
    """Return the classes whose callers a migration has not left as they were."""
    moved, kept = in_transition(facts), kept_in_place(facts)
    homes = ((fact.name, module_of(facts.config, path)) for path, fact in facts.of(DEFINITIONS))
    return {name for name, module in homes if module not in moved and (name, module) not in kept}


_FLOW = """# file: src/flow.py
from orchestra import BaseOrchestrator, OrchestrationLayer

class FlowOrchestrator(BaseOrchestrator):
    def __init__(self):
        super().__init__(layer=OrchestrationLayer.DOMAIN, name="flow")
"""
_RECORD = """# file: deprecations.toml
[[module]]
name = "old"
path = "src/old.py"
replacement = "flow"
owner = "core"
remove_on = %s
"""
_CALLER = "# file: src/handler.py\nfrom flow import FlowOrchestrator\n\nasync def handle(context):\n    return await FlowOrchestrator().run()\n"
_RUN = (
    _FLOW.replace("import Base", "import operation, Base")
    + "\n    @operation\n    async def run(self, depth=1):\n        return depth\n"
)
_WIRED = (
    '# file: src/wiring.py\ndef register_orchestrators(facade):\n    facade.register_factory("flow", _flow)\n'
)
_HANDLER = "# file: src/handler.py\nfrom flow import FlowOrchestrator\n\nasync def handle(facade, context):\n    return await %s  # kept\n"
CASES = (
    Case(
        "called at once, with the facade at hand",
        _RUN + _WIRED + _HANDLER % "FlowOrchestrator().run(depth=2)",
        _RUN + _WIRED + _HANDLER % 'facade.call("flow", "run", context, depth=2)',
    ),
    Case(
        "another facade",
        _RUN + _WIRED + (_HANDLER % "FlowOrchestrator().run()").replace("(facade,", "(facade: Building,"),
    ),
    Case("nothing registers it", _RUN + _HANDLER % "FlowOrchestrator().run()"),
    Case("no operation", _RUN + _WIRED + _HANDLER % "FlowOrchestrator().walk()"),
    Case(
        "to a name, then called",
        _FLOW
        + "# file: src/handler.py\nfrom flow import FlowOrchestrator\n\nasync def handle(context):\n    flow = FlowOrchestrator()\n    return await flow.orchestrate(context)\n",
    ),
    Case("at once", _FLOW + _CALLER),
    Case("a migrated class, whose old module is overdue", _FLOW + _CALLER + _RECORD % "2026-01-31"),
)
CLEAN = (
    Case(
        "in the wiring",
        _FLOW
        + "# file: src/setup.py\nfrom flow import FlowOrchestrator\n\ndef start(facade):\n    flow = FlowOrchestrator()\n    flow.configure()\n    facade.register(flow)\n",
    ),
    Case(
        "in a test, in a factory, in main",
        _FLOW
        + "# file: tests/test_flow.py\nfrom flow import FlowOrchestrator\n\nasync def test_flow():\n    await FlowOrchestrator().run()\n# file: src/x.py\nfrom flow import FlowOrchestrator\n\ndef get_flow():\n    flow = FlowOrchestrator()\n    flow.warm()\n    return flow\n",
    ),
    Case(
        "a legacy class",
        "# file: src/old.py\nclass OldOrchestrator:\n    pass\n\ndef handle():\n    OldOrchestrator().run()\n",
    ),
    Case("a migrated class, before the date of its old module", _FLOW + _CALLER + _RECORD % "2027-01-31"),
    Case(
        "a class that was migrated in place",
        _FLOW
        + _CALLER
        + '# file: src/orchestrators/domain/__init__.py\n_EXPORTS = {"FlowOrchestrator": "flow"}\n',
    ),
    Case(
        "in a script, which is its own wiring",
        _FLOW + _CALLER + "\nif __name__ == '__main__':\n    asyncio.run(handle(None))\n",
    ),
    Case(
        "through the facade",
        _FLOW
        + '# file: src/handler.py\nasync def handle(facade, context):\n    return await facade.orchestrate("flow", context)\n',
    ),
)
