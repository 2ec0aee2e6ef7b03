"""A reference is attributed by module and by what the receiver can be, and broken ones say what is broken."""

import pytest

from orchestra_codemods.inventory import LegacyOrchestrator, take
from orchestra_codemods.inventory.model import Caller, Form
from tests.support.projects import project_of

FLOW = """
class FlowOrchestrator:
    limit = 3
    def __init__(self, size: int = 1): self.size = size
    async def run(self, text, *, fast=False): ...
    def stop(self) -> None: ...
    @staticmethod
    def clean(text): ...
    def _inner(self): ...

class OtherOrchestrator:
    def go(self): ...

_flow: FlowOrchestrator | None = None

def get_flow(auto_create: bool = True) -> FlowOrchestrator | None:
    global _flow
    if _flow is None and auto_create:
        _flow = FlowOrchestrator()
    return _flow
"""


def inventory(user: str, **more: str) -> dict[str, LegacyOrchestrator]:
    files = {"app/__init__.py": "", "app/flow.py": FLOW, "app/user.py": user}
    files |= {name.replace("__", "/") + ".py": text for name, text in more.items()}
    return {found.class_name: found for found in take(project_of(files)).orchestrators}


def callers(user: str, name: str = "FlowOrchestrator") -> list[Caller]:
    imports = "from app.flow import FlowOrchestrator, OtherOrchestrator, get_flow\n"
    found = inventory(imports + user)[name].callers
    return [caller for caller in found if caller.path == "app/user.py" and caller.line > 1]


def forms(user: str) -> list[tuple[Form, str]]:
    return [(caller.form, caller.name) for caller in callers(user)]


HOLDER = "class A:\n    def __init__(self): self.x = FlowOrchestrator()\n"
RECEIVERS = {
    "a local": "def f():\n    x = FlowOrchestrator()\n    x.stop()",
    "a walrus": "def f():\n    if x := FlowOrchestrator():\n        x.stop()",
    "an attribute": HOLDER + "    def f(self): self.x.stop()",
    "a class attribute": "class A:\n    x = FlowOrchestrator()\n    def f(self): self.x.stop()",
    "an inherited attribute": HOLDER + "class B(A):\n    def f(self): self.x.stop()",
    "an attribute of another object": HOLDER + "def f(a: A): a.x.stop()",
    "an accessor": "def f(): get_flow().stop()",
    "a local from an accessor": "def f():\n    x = get_flow()\n    x.stop()",
    "an annotated parameter": "def f(x: FlowOrchestrator): x.stop()",
    "an optional parameter": "def f(x: FlowOrchestrator | None = None): x.stop()",
    "a text annotation": "def f(x: 'Optional[FlowOrchestrator]'): x.stop()",
    "Annotated": "def f(x: Annotated[FlowOrchestrator, 1]): x.stop()",
    "an or": "def f(y):\n    x = y or FlowOrchestrator()\n    x.stop()",
    "a conditional": "def f(y):\n    x = FlowOrchestrator() if y else None\n    x.stop()",
    "a factory": "def make(): return FlowOrchestrator(2)\ndef f(): make().stop()",
    "an annotated factory": "def make() -> FlowOrchestrator: ...\ndef f(): make().stop()",
    "an async factory": "async def make(): return FlowOrchestrator()\nasync def f(): (await make()).stop()",
    "a property": "class A:\n    @property\n    def x(self): return get_flow()\nA().x.stop()",
    "a class method": "class A:\n    @classmethod\n    def m(cls): return FlowOrchestrator()\nA.m().stop()",
    "a module variable": "x = FlowOrchestrator()\ndef f(): x.stop()",
    "a global": "x = None\ndef f():\n    global x\n    x = FlowOrchestrator()\ndef g(): x.stop()",
    "a tuple": "def f():\n    x, y = FlowOrchestrator(), 1\n    x.stop()",
    "a cast": "def f(y): cast(FlowOrchestrator, y).stop()",
    "a dependency": "def f(x=Depends(get_flow)): x.stop()",
    "a fixture": "@pytest.fixture\ndef x(): return FlowOrchestrator()\ndef test_it(x): x.stop()",
    "a yielding fixture": "@pytest.fixture\ndef x():\n    yield FlowOrchestrator()\ndef test_it(x): x.stop()",
    "a bare instance": "def f():\n    x = object.__new__(FlowOrchestrator)\n    x.stop()",
    "a closure": "def f():\n    x = FlowOrchestrator()\n    def g(): x.stop()",
    "a lambda": "x = FlowOrchestrator()\nf = lambda: x.stop()",
    "a copy": "import copy\nx = copy.copy(FlowOrchestrator())\nx.stop()",
}


@pytest.mark.parametrize("user", RECEIVERS.values(), ids=RECEIVERS)
def test_the_receiver_is_recognised(user: str) -> None:
    assert (Form.CALL, "stop") in forms(user)


NOT_IT = {
    "a parameter without a type": "def f(x): x.stop()",
    "a local that hides the import": "def f():\n    FlowOrchestrator = object\n    FlowOrchestrator().stop()",
    "the same name from elsewhere": "from other import FlowOrchestrator\nFlowOrchestrator().stop()",
    "a loop variable": "def f(x):\n    for FlowOrchestrator in x: FlowOrchestrator.stop()",
    "another class of the module": "OtherOrchestrator().stop()",
}


@pytest.mark.parametrize("user", NOT_IT.values(), ids=NOT_IT)
def test_what_is_not_proven_is_not_claimed(user: str) -> None:
    assert (Form.CALL, "stop") not in forms(user)


def test_every_form_of_use() -> None:
    user = """
async def f(x: FlowOrchestrator):
    await x.run("a")
    x.run("a")
    x.stop()
    x._inner()
    x.size
    x.size = 2
    del x.size
    x.stop
    setattr(x, "size", 1)
FlowOrchestrator(3)
FlowOrchestrator.clean("a")
FlowOrchestrator.limit
isinstance(1, FlowOrchestrator)
class Sub(FlowOrchestrator): ...
get_flow()
table = [get_flow]
"""
    assert forms(user) == [
        (Form.ANNOTATION, "FlowOrchestrator"),
        (Form.CALL_AWAITED, "run"),
        (Form.CALL, "run"),
        (Form.CALL, "stop"),
        (Form.PRIVATE_CALL, "_inner"),
        (Form.ATTRIBUTE_READ, "size"),
        (Form.ATTRIBUTE_WRITE, "size"),
        (Form.ATTRIBUTE_WRITE, "size"),
        (Form.ATTRIBUTE_READ, "stop"),
        (Form.ATTRIBUTE_WRITE, "size"),
        (Form.CONSTRUCTION, "FlowOrchestrator"),
        (Form.STATIC_CALL, "clean"),
        (Form.ATTRIBUTE_READ, "limit"),
        (Form.CLASS_AS_VALUE, "FlowOrchestrator"),
        (Form.SUBCLASS, "FlowOrchestrator"),
        (Form.ACCESSOR_CALL, "get_flow"),
        (Form.ACCESSOR_AS_VALUE, "get_flow"),
    ]


PROBLEMS = {
    "x.gone()": "no such method",
    "x.stop(1)": "wrong arity",
    "await x.stop()": "await on a synchronous method",
    "await x.run()": "wrong arity",
    "await x.run('a', True)": "wrong arity",
    "await x.run('a', slow=1)": "wrong arity",
    "await x.run('a', fast=1)": None,
    "await x.run(*a, **b)": None,
    "x.__reduce__()": None,
    "FlowOrchestrator(1, 2)": "wrong arity",
    "hasattr(x, 'stop')": "duck typing",
}


@pytest.mark.parametrize(("call", "problem"), PROBLEMS.items())
def test_what_is_broken_already_is_said(call: str, problem: str | None) -> None:
    found = [each for each in callers(f"async def f(x: FlowOrchestrator):\n    {call}") if each.line == 3]
    assert [each.problem for each in found] == [problem]


def test_a_variable_of_two_types_belongs_to_both_and_to_neither() -> None:
    user = "def f(y):\n    x = FlowOrchestrator()\n    if y: x = OtherOrchestrator()\n    x.stop()"
    assert [each.problem for each in callers(user) if each.name == "stop"] == ["a variable of two types"]
    assert [each.problem for each in callers(user, "OtherOrchestrator") if each.name == "stop"]


def test_only_the_shared_instance_is_registered() -> None:
    user = """
a = FlowOrchestrator()
def f(y):
    b = FlowOrchestrator()
    get_flow().stop()
    a.stop()
    b.stop()
    (y or a).stop()
"""
    found = [each.is_registered for each in callers(user) if each.name == "stop"]
    assert found == [True, True, False, False]


def test_a_class_that_sets_attributes_dynamically_has_no_missing_methods() -> None:
    flow = "class FlowOrchestrator:\n    def go(self): ...\n    def __getattr__(self, name): ...\n"
    user = "from app.flow import FlowOrchestrator\nFlowOrchestrator().anything()\n"
    (found,) = take(project_of({"app/flow.py": flow, "app/user.py": user})).orchestrators
    assert [caller.problem for caller in found.callers] == [None, None, None]


def test_a_fixture_of_a_conftest_reaches_tests_that_do_not_name_the_class() -> None:
    conftest = (
        "import pytest\nfrom app.flow import FlowOrchestrator\n"
        "@pytest.fixture\ndef flow(): return FlowOrchestrator()\n"
    )
    test = "def test_it(flow):\n    flow.stop()\n"
    found = inventory("", tests__conftest=conftest, tests__test_it=test)["FlowOrchestrator"].callers
    assert [each.form for each in found if each.path == "tests/test_it.py"] == [Form.CALL]


def test_the_class_and_its_accessors_are_not_their_own_callers() -> None:
    found = inventory("")["FlowOrchestrator"].callers
    assert [each.form for each in found] == [Form.ANNOTATION, Form.ANNOTATION]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("mock.patch('app.flow.FlowOrchestrator')", Form.PATCH_STRING),
        ("mock.patch('app.flow.json')", Form.PATCH_STRING),
        ("importlib.import_module('app.flow')", Form.STRING_REFERENCE),
        ("NAME = 'app.flow:get_flow'", Form.STRING_REFERENCE),
    ],
)
def test_strings_that_name_the_module_are_callers(text: str, form: Form) -> None:
    assert form in {each.form for each in inventory(text)["FlowOrchestrator"].callers}


@pytest.mark.parametrize(
    "text", ["NAME = 'app.flow.gone'", "logging.getLogger('app.flow')", "'see app.flow'"]
)
def test_strings_that_only_look_like_names_are_not(text: str) -> None:
    found = inventory(text)["FlowOrchestrator"].callers
    assert [each for each in found if each.path == "app/user.py"] == []


def test_fixtures_and_helpers_of_tests_are_no_accessors() -> None:
    test = "from app.flow import FlowOrchestrator\ndef make(): return FlowOrchestrator()\n"
    found = inventory("", tests__test_it=test)["FlowOrchestrator"].accessors
    assert [accessor.name for accessor in found] == ["get_flow"]
