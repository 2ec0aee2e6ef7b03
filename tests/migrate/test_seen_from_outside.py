"""What the rest of a program sees of a class is the same after its migration, or the class is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.migrate.test_same_or_refused import Awkward, files_of, printed

FOO = """
class FooOrchestrator:
    def __init__(self, size=1):
        self.size = size
    def run(self):
        return self.size
"""
LOOP = """
import asyncio
class FooOrchestrator:
    def __init__(self):
        self.task = asyncio.create_task(self._loop())
    async def _loop(self):
        while True:
            await asyncio.sleep(1)
    def run(self):
        return 1
"""
SITUATIONS = {
    "hasattr": Awkward(
        FOO,
        "user.closes()",
        """
        from shop.foo import FooOrchestrator
        def closes():
            return hasattr(FooOrchestrator(), "cleanup")
        """,
        refused="looks whether it has 'cleanup'",
    ),
    "getattr with a default": Awkward(
        FOO,
        "user.label(FooOrchestrator())",
        """
        from shop.foo import FooOrchestrator
        def label(foo: FooOrchestrator):
            return getattr(foo, "name", "nameless")
        """,
        refused="looks whether it has 'name'",
    ),
    "getattr of a base of it": Awkward(
        FOO + "class BarOrchestrator(FooOrchestrator):\n    def stop(self): return 2\n",
        "user.label(user.BarOrchestrator())",
        """
        from shop.foo import BarOrchestrator, FooOrchestrator
        def label(foo: FooOrchestrator):
            return getattr(foo, "name", "nameless")
        """,
        refused="may ask of this one",
    ),
    "a try that fails": Awkward(
        FOO,
        "user.label(FooOrchestrator())",
        """
        from shop.foo import FooOrchestrator
        def label(foo: FooOrchestrator):
            try:
                return foo.name
            except (AttributeError, KeyError):
                return "nameless"
        """,
        refused="tries whether it has 'name'",
    ),
    "a failure that is suppressed": Awkward(
        FOO,
        "user.close()",
        """
        import contextlib
        from shop.foo import FooOrchestrator
        def close():
            foo = FooOrchestrator()
            with contextlib.suppress(AttributeError):
                return foo.cleanup()
        """,
        refused="tries whether it has 'cleanup'",
    ),
    "a try of what it has": Awkward(
        FOO,
        "user.size()",
        """
        from shop.foo import FooOrchestrator
        def size():
            try:
                return FooOrchestrator().size
            except AttributeError:
                return None
        """,
    ),
    "an abstract base class": Awkward(
        FOO,
        "user.is_abstract(FooOrchestrator())",
        """
        from abc import ABC
        def is_abstract(thing):
            return isinstance(thing, ABC)
        """,
        refused="line 3 of shop/user.py asks for ABC, of which every orchestrator is one",
    ),
    "the class of abstract classes": Awkward(
        FOO,
        "user.is_abstract(FooOrchestrator)",
        """
        import abc
        def is_abstract(kind):
            return issubclass(type(kind), (abc.ABCMeta, int))
        """,
        refused="line 3 of shop/user.py asks for ABCMeta, of which every orchestrator is one",
    ),
    "a plain class": Awkward(
        FOO,
        "user.is_plain()",
        """
        from shop.foo import FooOrchestrator
        def is_plain(kind=FooOrchestrator):
            return type(kind) is type
        """,
        refused="line 3 of shop/user.py asks for classes of `type` alone",
    ),
    "any class": Awkward(
        FOO,
        "user.is_class(FooOrchestrator), user.are_same(FooOrchestrator(), FooOrchestrator())",
        """
        def is_class(kind):
            return isinstance(kind, type)
        def are_same(one, other):
            return type(one) is type(other)
        """,
    ),
    "hasattr of what it has": Awkward(
        FOO,
        "user.sized()",
        """
        from shop.foo import FooOrchestrator
        def sized():
            return hasattr(FooOrchestrator(), "size"), hasattr(FooOrchestrator(), "nothing")
        """,
    ),
    "hasattr of a clean-up of its own": Awkward(
        FOO + "    async def cleanup(self):\n        pass\n",
        "user.closes()",
        """
        from shop.foo import FooOrchestrator
        def closes():
            return hasattr(FooOrchestrator(), "cleanup")
        """,
    ),
    "hasattr of a clean-up of its mixin": Awkward(
        """
        class Mixin:
            def look(self):
                return hasattr(self, "cleanup")
        class FooOrchestrator(Mixin):
            def run(self):
                return self.look()
        """,
        "FooOrchestrator().run()",
        refused="its base Mixin looks whether it has 'cleanup'",
    ),
    "vars": Awkward(
        FOO,
        "user.all_of(FooOrchestrator())",
        """
        from shop.foo import FooOrchestrator
        def all_of(foo: FooOrchestrator):
            return vars(foo)
        """,
        refused="looks at all its attributes",
    ),
    "__dict__": Awkward(
        FOO,
        "user.all_of()",
        """
        from shop.foo import FooOrchestrator
        def all_of():
            foo = FooOrchestrator()
            return dict(foo.__dict__)
        """,
        refused="looks at all its attributes",
    ),
    "one name in __dict__": Awkward(
        FOO,
        "user.one_of()",
        """
        from shop.foo import FooOrchestrator
        def one_of():
            foo = FooOrchestrator()
            return foo.__dict__["size"], foo.__dict__.get("nothing")
        """,
    ),
    "dir": Awkward(
        FOO,
        "user.public()",
        """
        from shop.foo import FooOrchestrator
        def public():
            return [name for name in dir(FooOrchestrator) if not name.startswith("_")]
        """,
        refused="looks at all its attributes",
    ),
    "the methods of the class": Awkward(
        FOO,
        "user.methods()",
        """
        import inspect
        from shop.foo import FooOrchestrator
        def methods():
            return [name for name, _ in inspect.getmembers(FooOrchestrator(), inspect.ismethod)]
        """,
        refused="looks at all its attributes",
    ),
    "what the class itself defines": Awkward(
        FOO,
        "user.methods()",
        """
        from shop.foo import FooOrchestrator
        def methods():
            return [name for name in vars(FooOrchestrator) if not name.startswith("_")]
        """,
    ),
    "its ancestry": Awkward(
        FOO,
        "user.depth()",
        """
        from shop.foo import FooOrchestrator
        def depth():
            return len(FooOrchestrator.__mro__)
        """,
        refused="looks at its __mro__",
    ),
    "a protocol that its name satisfies": Awkward(
        FOO,
        "isinstance(FooOrchestrator(), user.Closeable)",
        """
        from typing import Protocol, runtime_checkable
        @runtime_checkable
        class Closeable(Protocol):
            async def cleanup(self) -> None: ...
        """,
        refused="isinstance of Closeable in shop/user.py asks for cleanup",
    ),
    "a protocol that it satisfies as before": Awkward(
        FOO,
        "isinstance(FooOrchestrator(), user.Sized), isinstance(FooOrchestrator(), user.Runs)",
        """
        from typing import Protocol, runtime_checkable
        @runtime_checkable
        class Sized(Protocol):
            name: str
            weight: int
        @runtime_checkable
        class Runs(Protocol):
            def run(self) -> int: ...
        """,
    ),
    "a failure without a loop that is expected": Awkward(
        LOOP,
        "user.build()",
        """
        from shop.foo import FooOrchestrator
        def build():
            try:
                return FooOrchestrator().run()
            except RuntimeError:
                return None
        """,
        refused="expects that it cannot be built where no loop runs",
    ),
    "a class that goes on without a loop": Awkward(
        LOOP.replace(
            "self.task = asyncio.create_task(self._loop())",
            "self.task = self._begin()\n    def _begin(self):\n        try:\n"
            "            asyncio.get_running_loop()\n        except RuntimeError:\n"
            "            return None\n        return asyncio.create_task(self._loop())",
        ),
        "user.build()",
        """
        from shop.foo import FooOrchestrator
        def build():
            try:
                return FooOrchestrator().run()
            except RuntimeError:
                return None
        """,
    ),
    "any other failure that is expected": Awkward(
        LOOP,
        "user.build()",
        """
        import asyncio
        from shop.foo import FooOrchestrator
        def build():
            async def main():
                try:
                    return FooOrchestrator().run()
                except ValueError:
                    return None
            return asyncio.run(main())
        """,
    ),
    "copies and pickles": Awkward(
        FOO,
        "user.all(FooOrchestrator(3))",
        """
        import copy, pickle
        def all(foo):
            copies = copy.copy(foo), copy.deepcopy(foo), pickle.loads(pickle.dumps(foo))
            return [(each.size, each.run(), type(each).__name__, each == foo) for each in copies]
        """,
    ),
    "equality and hash": Awkward(
        FOO + "    def __eq__(self, other):\n        return self.size == other.size\n",
        "FooOrchestrator() == FooOrchestrator(), FooOrchestrator.__hash__ is None",
    ),
    "hash by identity": Awkward(
        FOO, "len({FooOrchestrator(), FooOrchestrator()}), hash(foo := FooOrchestrator()) == hash(foo)"
    ),
    "weak references": Awkward(
        FOO,
        "user.lives()",
        """
        import gc, weakref
        from shop.foo import FooOrchestrator
        def lives():
            foo = FooOrchestrator()
            reference = weakref.ref(foo)
            del foo
            gc.collect()
            return reference() is None
        """,
    ),
    "threads": Awkward(
        FOO,
        "user.together()",
        """
        from concurrent.futures import ThreadPoolExecutor
        from shop.foo import FooOrchestrator
        def together():
            with ThreadPoolExecutor(4) as pool:
                return sum(pool.map(lambda size: FooOrchestrator(size).run(), range(100)))
        """,
    ),
    "signatures": Awkward(
        FOO,
        "user.signatures()",
        """
        import inspect
        from shop.foo import FooOrchestrator
        def signatures():
            return [str(inspect.signature(each)) for each in (FooOrchestrator, FooOrchestrator.run)]
        """,
    ),
    "generic": Awkward(
        """
        from typing import Generic, TypeVar
        T = TypeVar("T")
        class FooOrchestrator(Generic[T]):
            def __init__(self, size: T):
                self.size = size
            def run(self) -> T:
                return self.size
        """,
        "FooOrchestrator[int](3).run(), FooOrchestrator[int].__args__",
    ),
    "wrong arguments": Awkward(
        FOO,
        "user.refuses()",
        """
        from shop.foo import FooOrchestrator
        def refuses():
            try:
                FooOrchestrator(1, 2)
            except TypeError as error:
                return str(error)
        """,
    ),
    "specifications of mocks": Awkward(
        FOO,
        "user.mocked()",
        """
        from unittest import mock
        from shop.foo import FooOrchestrator
        def mocked():
            double = mock.create_autospec(FooOrchestrator, instance=True)
            double.run.return_value = 4
            return double.run(), isinstance(double, FooOrchestrator)
        """,
    ),
    "without its constructor": Awkward(
        FOO,
        "user.bare()",
        """
        from shop.foo import FooOrchestrator
        def bare():
            foo = object.__new__(FooOrchestrator)
            foo.size = 5
            return foo.run()
        """,
    ),
}


@pytest.mark.parametrize("title", SITUATIONS)
def test_the_rest_of_the_program_sees_the_same_or_the_class_is_refused(
    title: str, make_project: Any, migrate: Any, tmp_path: Path
) -> None:
    one = SITUATIONS[title]
    project = make_project(files_of(one))
    plan = migrate(project)
    if one.refused:
        assert any(one.refused in refusal.why and refusal.what_to_do for refusal in plan.refusals), (
            plan.refusals
        )
        assert not any(change.path.startswith("shop/") for change in plan.changes)
        return
    assert plan.refusals == ()
    before = printed(project, tmp_path / "before", one.prints)
    assert printed(project.updated(plan.changes), tmp_path / "after", one.prints) == before


BUILT_ANYHOW = """
from shop.foo import FooOrchestrator
def build():
    try:
        return FooOrchestrator()
    except Exception:
        return None
"""


def test_code_that_catches_any_failure_of_a_construction_is_told(make_project: Any, migrate: Any) -> None:
    through_a_helper = LOOP.replace("__init__", "_begin") + "    def __init__(self):\n        self._begin()\n"
    for foo in (LOOP, through_a_helper):
        plan = migrate(make_project(files_of(Awkward(foo, "", BUILT_ANYHOW))))
        assert [(one.path, one.span.line) for one in plan.findings] == [("shop/user.py", 4)]
    assert migrate(make_project(files_of(Awkward(FOO, "", BUILT_ANYHOW)))).findings == ()


DOUBTFUL = """
import asyncio, inspect
def close(services):
    return [each for each in services if hasattr(each, "cleanup")]
def own(self):
    return hasattr(self, "cleanup") or getattr(self.other, "title", None)
def found(module):
    return inspect.getmembers(module)
def named():
    return asyncio.current_task().get_name()
"""


def test_code_that_asks_what_it_does_not_know_is_told(make_project: Any, migrate: Any) -> None:
    files = files_of(Awkward(FOO, "", DOUBTFUL))
    plan = migrate(make_project(files))
    told = [(one.path, one.span.line) for one in plan.findings]
    assert told == [("shop/user.py", 3), ("shop/user.py", 7), ("shop/user.py", 9)]
    assert migrate(make_project(files).updated(plan.changes)).findings == ()
