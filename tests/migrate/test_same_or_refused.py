"""Small projects with one awkward thing each: what they print stays the same, or the class is refused."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any, NamedTuple

import pytest

import orchestra
from orchestra_codemods.project import Project

FRAMEWORK = Path(orchestra.__file__).parents[1]


class Awkward(NamedTuple):
    """``foo`` is `shop/foo.py`, ``user`` is `shop/user.py`; ``refused`` is part of the reason, if any."""

    foo: str
    prints: str
    user: str = ""
    refused: str = ""


SITUATIONS = {
    "a task is made on a loop that does not run yet": Awkward(
        """
        import asyncio
        LOOP = asyncio.new_event_loop()
        asyncio.set_event_loop(LOOP)
        class FooOrchestrator:
            def __init__(self):
                self.beats = 0
                self.task = asyncio.get_event_loop().create_task(self._beat())
            async def _beat(self):
                self.beats += 1
            async def run(self):
                await self.task
                return self.beats
        """,
        "(LOOP.run_until_complete(FooOrchestrator().run()), LOOP.close())",
        user="from shop.foo import FooOrchestrator, LOOP",
    ),
    "a task that is made where a loop runs, and asks before": Awkward(
        """
        import asyncio
        class FooOrchestrator:
            def __init__(self):
                self.beats = 0
                try:
                    loop = asyncio.get_running_loop()
                except RuntimeError:
                    loop = None
                self.task = loop.create_task(self._beat()) if loop else None
                if loop is not None:
                    self.other = loop.create_task(self._beat())
            async def _beat(self):
                self.beats += 1
            def run(self):
                return self.beats, self.task
        """,
        "FooOrchestrator().run()",
        refused="runs on a loop that is not seen to be the running one",
    ),
    "a task that is made where a loop runs, below a question": Awkward(
        """
        import asyncio
        class FooOrchestrator:
            def __init__(self):
                self.beats, self.task = 0, None
                try:
                    loop = asyncio.get_running_loop()
                except RuntimeError:
                    loop = None
                if loop is not None:
                    self.task = loop.create_task(self._beat())
            async def _beat(self):
                self.beats += 1
            async def run(self):
                await self.task
                return self.beats
            @classmethod
            async def made(cls):
                return await cls().run()
        """,
        "FooOrchestrator().task, __import__('asyncio').run(FooOrchestrator.made())",
    ),
    "the constructor takes its instance out of its arguments": Awkward(
        """
        class FooOrchestrator:
            def __init__(*values):
                values[0].first = values[1]
            def run(self):
                return self.first
        """,
        "FooOrchestrator(1).run()",
        refused="takes its instance out of *args",
    ),
    "arguments go to __new__ alone": Awkward(
        """
        class FooOrchestrator:
            def __new__(cls, *values):
                made = super().__new__(cls)
                made.values = values
                return made
            def run(self):
                return self.values
        """,
        "FooOrchestrator(1, 2).run()",
    ),
    "arguments go to the __new__ of a base alone": Awkward(
        """
        class Base:
            def __new__(cls, *values):
                return super().__new__(cls)
        class FooOrchestrator(Base):
            def run(self):
                return 1
        """,
        "FooOrchestrator(1, 2).run()",
        refused="has __new__",
    ),
    "attributes of any name": Awkward(
        """
        class FooOrchestrator:
            def __init__(self, **values):
                for name, value in values.items():
                    setattr(self, name, value)
            def run(self):
                return self.name
        """,
        "FooOrchestrator(name='a').run()",
        refused="known when it runs only",
    ),
    "a logger is made when there is none": Awkward(
        """
        class FooOrchestrator:
            def run(self):
                if not hasattr(self, "logger"):
                    self.logger = "mine"
                return self.logger
        """,
        "FooOrchestrator().run()",
        refused="looks whether it has 'logger'",
    ),
    "a logger is made when reading it fails": Awkward(
        """
        class FooOrchestrator:
            def run(self):
                try:
                    return self.logger
                except AttributeError:
                    self.logger = "mine"
                    return self.logger
        """,
        "FooOrchestrator().run()",
        refused="looks whether it has 'logger'",
    ),
    "a logger that is always there": Awkward(
        """
        class FooOrchestrator:
            def __init__(self):
                self.logger = "mine"
            def run(self):
                return getattr(self, "logger", None)
        """,
        "FooOrchestrator().run()",
    ),
    "a class within the class has a name": Awkward(
        """
        class FooOrchestrator:
            class Settings:
                def __init__(self):
                    self.name = "inner"
            def run(self):
                return self.Settings().name
        """,
        "FooOrchestrator().run()",
    ),
    "a caller sets the name": Awkward(
        """
        class FooOrchestrator:
            def run(self):
                return 1
        """,
        "user.go()",
        """
        from shop.foo import FooOrchestrator
        def go():
            foo = FooOrchestrator()
            foo.name = "given"
            return foo.name
        """,
    ),
    "an heir has a metaclass": Awkward(
        """
        class FooOrchestrator:
            def run(self):
                return 1
        """,
        "user.Heir().run()",
        """
        from shop.foo import FooOrchestrator
        class Meta(type): ...
        class Heir(FooOrchestrator, metaclass=Meta): ...
        """,
        refused="metaclass",
    ),
    "an heir is made with arguments": Awkward(
        """
        class FooOrchestrator:
            def run(self):
                return self.size
        """,
        "user.Heir(3).run()",
        """
        from shop.foo import FooOrchestrator
        class Heir(FooOrchestrator):
            def __new__(cls, size):
                made = super().__new__(cls)
                made.size = size
                return made
        """,
        refused="has a __new__ of its own",
    ),
    "an heir is made with arguments and has a constructor": Awkward(
        """
        class FooOrchestrator:
            def run(self):
                return self.size
        """,
        "user.Heir(3).run()",
        """
        from shop.foo import FooOrchestrator
        class Heir(FooOrchestrator):
            def __new__(cls, size):
                return super().__new__(cls)
            def __init__(self, size):
                super().__init__()
                self.size = size
        """,
    ),
    "an heir is an enumeration": Awkward(
        """
        class FooOrchestrator:
            def run(self):
                return 1
        """,
        "user.Heir.A.run()",
        """
        import enum
        from shop.foo import FooOrchestrator
        class Heir(FooOrchestrator, enum.Enum):
            A = 1
        """,
        refused="from outside the project",
    ),
    "an heir of two": Awkward(
        """
        class FooOrchestrator:
            def __init__(self):
                self.foo = 1
            def run(self):
                return self.foo
        class BarOrchestrator:
            def __init__(self):
                self.bar = 2
            def go(self):
                return self.bar
        """,
        "user.Both().run(), user.Both().go()",
        """
        from shop.foo import BarOrchestrator, FooOrchestrator
        class Both(FooOrchestrator, BarOrchestrator):
            def __init__(self):
                FooOrchestrator.__init__(self)
                BarOrchestrator.__init__(self)
        """,
        refused="which is an orchestrator too",
    ),
    "a far heir reaches another constructor": Awkward(
        """
        class FooOrchestrator:
            def run(self):
                return 1
        """,
        "user.Both().mixed",
        """
        from shop.foo import FooOrchestrator
        class Mixin:
            def __init__(self):
                self.mixed = 5
        class Deeper(Mixin): ...
        class Between(FooOrchestrator): ...
        class Both(Between, Deeper): ...
        """,
        refused="reaches the __init__ of Deeper",
    ),
    "a constructor that passes on": Awkward(
        """
        class FooOrchestrator:
            def __init__(self):
                super().__init__()
                self.foo = 1
            def run(self):
                return self.foo
        """,
        "user.Both().mixed",
        """
        from shop.foo import FooOrchestrator
        class Mixin:
            def __init__(self):
                self.mixed = 5
        class Both(FooOrchestrator, Mixin): ...
        """,
        refused="reaches the __init__ of Mixin",
    ),
    "an heir with a mixin before and behind": Awkward(
        """
        class FooOrchestrator:
            def __init__(self):
                self.foo = 1
            def run(self):
                return self.foo
        """,
        "user.Before().run(), user.Before().mixed, user.Behind().mixed",
        """
        from shop.foo import FooOrchestrator
        class Mixin:
            def __init__(self):
                super().__init__()
                self.mixed = 5
        class Before(Mixin, FooOrchestrator): ...
        class Behind(FooOrchestrator, Mixin):
            def __init__(self):
                FooOrchestrator.__init__(self)
                Mixin.__init__(self)
        """,
    ),
    "an heir has a logger from a mixin behind": Awkward(
        """
        class FooOrchestrator:
            def run(self):
                return 1
        """,
        "user.Heir.logger()",
        """
        from shop.foo import FooOrchestrator
        class Deeper:
            @classmethod
            def logger(cls):
                return cls.__name__
        class Mixin(Deeper): ...
        class Heir(FooOrchestrator, Mixin): ...
        """,
        refused="also inherits Deeper, which has 'logger'",
    ),
    "an heir has a logger from a mixin before": Awkward(
        """
        class FooOrchestrator:
            def run(self):
                return 1
        """,
        "user.Heir.logger()",
        """
        from shop.foo import FooOrchestrator
        class Mixin:
            @classmethod
            def logger(cls):
                return cls.__name__
        class Heir(Mixin, FooOrchestrator): ...
        """,
    ),
    "an heir has a name from a mixin before": Awkward(
        """
        class FooOrchestrator:
            def run(self):
                return 1
        """,
        "user.Heir().name",
        """
        from shop.foo import FooOrchestrator
        class Mixin:
            def __init__(self):
                self.name = "mixed"
                super().__init__()
        class Heir(Mixin, FooOrchestrator): ...
        """,
        refused="also inherits Mixin, which has 'name'",
    ),
    "an heir decides over its attributes": Awkward(
        """
        class FooOrchestrator:
            def __init__(self):
                self.foo = 1
            def run(self):
                return self.foo
        """,
        "user.Heir().run(), user.Heir().missing",
        """
        from shop.foo import FooOrchestrator
        class Heir(FooOrchestrator):
            def __setattr__(self, name, value):
                if name not in ("foo",):
                    raise AttributeError(name)
                super().__setattr__(name, value)
            def __getattr__(self, name):
                return name
        """,
        refused="defines __getattr__, which decides over attributes",
    ),
    "an heir cleans up in its own way": Awkward(
        """
        class FooOrchestrator:
            def run(self):
                return 1
        """,
        "user.Heir().cleanup(3, force=True)",
        """
        from shop.foo import FooOrchestrator
        class Heir(FooOrchestrator):
            def cleanup(self, depth, *, force=False):
                return depth, force
        """,
    ),
    "an heir looks whether it can be cleaned up": Awkward(
        """
        class FooOrchestrator:
            def run(self):
                return 1
        """,
        "user.Heir().close()",
        """
        from shop.foo import FooOrchestrator
        class Heir(FooOrchestrator):
            def close(self):
                return hasattr(self, "cleanup")
        """,
        refused="looks whether it has 'cleanup'",
    ),
    "an heir shows all its attributes": Awkward(
        """
        class FooOrchestrator:
            def __init__(self):
                self.foo = 1
            def run(self):
                return self.foo
        """,
        "user.Heir().shown()",
        """
        from shop.foo import FooOrchestrator
        class Heir(FooOrchestrator):
            def shown(self):
                return sorted(vars(self)), sorted(self.__dict__)
        """,
        refused="all attributes of an instance are looked at together",
    ),
    "names that a star import takes along": Awkward(
        """
        class FooOrchestrator:
            def run(self):
                return 1
        """,
        "user.operation()",
        """
        def operation():
            return "mine"
        from shop.foo import *
        """,
    ),
    "names that the module has by a star import": Awkward(
        """
        from shop.user import *
        class FooOrchestrator:
            def run(self):
                return operation()
        """,
        "FooOrchestrator().run()",
        """
        def operation():
            return "mine"
        """,
    ),
    "a module that nobody imports where it is used": Awkward(
        """
        class FooOrchestrator:
            def run(self):
                return 1
        """,
        "user.go()",
        """
        import shop
        def go():
            return shop.foo.FooOrchestrator().run()
        """,
    ),
    "a class that tells its module": Awkward(
        """
        class FooOrchestrator:
            def run(self):
                return type(self).__module__
        """,
        "FooOrchestrator().run()",
    ),
    "a class that looks for its file": Awkward(
        """
        import inspect, os
        class FooOrchestrator:
            def run(self):
                return os.path.basename(os.path.dirname(inspect.getfile(type(self))))
        """,
        "FooOrchestrator().run()",
    ),
    "a module that looks for its file": Awkward(
        """
        import os, sys
        class FooOrchestrator:
            def run(self):
                return os.path.basename(os.path.dirname(sys.modules[__name__].__file__))
        """,
        "FooOrchestrator().run()",
    ),
    "a text that goes on behind the last import": Awkward(
        """
        import os; TEXT = '''first
        class Nobody:
        last'''
        class FooOrchestrator:
            def run(self):
                return TEXT
        """,
        "FooOrchestrator().run()",
    ),
    "a task where no loop may run": Awkward(
        """
        import asyncio
        class FooOrchestrator:
            def __init__(self):
                self.has_task = True
                try:
                    self.task = asyncio.create_task(self._loop())
                except RuntimeError:
                    self.has_task = False
            async def _loop(self):
                while True:
                    await asyncio.sleep(1)
            def run(self):
                return self.has_task
        """,
        "FooOrchestrator().run()",
        refused="may fail where no loop runs",
    ),
    "a task on a loop of its own": Awkward(
        """
        import asyncio
        class FooOrchestrator:
            def __init__(self, loop):
                self.loop = loop
                self.task = self.loop.create_task(self._loop())
            async def _loop(self):
                while True:
                    await asyncio.sleep(1)
            def run(self):
                return self.task
        """,
        "FooOrchestrator",
        refused="runs on a loop that is not seen to be the running one",
    ),
    "a program in the same folder imports it by its bare name": Awkward(
        """
        class FooOrchestrator:
            def run(self):
                return 1
        """,
        "1",
        """
        def go():
            from foo import FooOrchestrator
            return FooOrchestrator().run()
        """,
        refused="from its own folder",
    ),
}


def write(project: Project, folder: Path) -> None:
    for path in project.sources:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(project.sources[path].data)


def printed(project: Project, folder: Path, expression: str) -> tuple[int, str]:
    write(project, folder)
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore::DeprecationWarning",
            "-c",
            f"from shop.foo import *\nimport shop.user as user\nprint({expression})",
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f".:{FRAMEWORK}", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.returncode, done.stdout


def files_of(one: Awkward) -> Mapping[str, bytes]:
    return {
        "shop/__init__.py": b"",
        "shop/foo.py": dedent(one.foo).lstrip().encode(),
        "shop/user.py": dedent(one.user).lstrip().encode(),
    }


@pytest.mark.parametrize("placement", ["auto", "in-place"])
@pytest.mark.parametrize("title", SITUATIONS)
def test_nothing_changes_or_the_class_is_refused(
    title: str, placement: str, make_project: Any, migrate: Any, tmp_path: Path
) -> None:
    one = SITUATIONS[title]
    project = make_project(files_of(one))
    plan = migrate(project, placement=placement)
    if one.refused:
        assert any(one.refused in refusal.why for refusal in plan.refusals), plan.refusals
        assert not any(change.path.startswith("shop/") for change in plan.changes)
        return
    assert plan.refusals == ()
    before = printed(project, tmp_path / "before", one.prints)
    assert printed(project.updated(plan.changes), tmp_path / "after", one.prints) == before


@pytest.mark.soak
@pytest.mark.parametrize("title", SITUATIONS)
def test_nothing_changes_where_a_class_leaves_its_module_or_it_is_refused(
    title: str, make_project: Any, migrate: Any, tmp_path: Path
) -> None:
    one = SITUATIONS[title]
    files = files_of(one)
    project = make_project({**files, "shop/foo.py": files["shop/foo.py"] + b"def staying():\n    return 1\n"})
    plan = migrate(project, placement="split")
    if plan.refusals:
        assert not any(change.path.startswith("shop/") for change in plan.changes)
        return
    assert not any(one.refused in refusal.why for refusal in plan.refusals)
    before = printed(project, tmp_path / "before", one.prints)
    assert printed(project.updated(plan.changes), tmp_path / "after", one.prints) == before


ALONE = b"""
class NightlyOrchestrator:
    def run(self):
        return 1
if __name__ == "__main__":
    print(NightlyOrchestrator().run())
"""
OPENS = b"""
import os
import sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "src"))
from shop.other import VALUE
class NightlyOrchestrator:
    def run(self):
        return VALUE
if __name__ == "__main__":
    print(NightlyOrchestrator().run())
"""


def test_a_program_that_runs_from_its_own_folder_is_refused(make_project: Any, migrate: Any) -> None:
    plan = migrate(make_project({"src/shop/__init__.py": b"", "jobs/nightly.py": ALONE}))
    assert [refusal.why for refusal in plan.refusals] == [
        "it runs as a program from jobs, where core.orchestration is not found"
    ]
    assert plan.changes == ()


def test_a_program_that_opens_the_path_itself_imports_after_that(
    make_project: Any, migrate: Any, tmp_path: Path
) -> None:
    files = {"src/shop/__init__.py": b"", "src/shop/other.py": b"VALUE = 3\n", "jobs/nightly.py": OPENS}
    project = make_project(files)
    plan = migrate(project, placement="in-place")
    assert plan.refusals == ()
    write(project.updated(plan.changes), tmp_path)
    done = subprocess.run(
        [sys.executable, "jobs/nightly.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(FRAMEWORK)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("3\n", "")


RELATIVE = b"from .foo import FooOrchestrator\n"


def test_a_relative_import_stays_in_a_file_that_is_loaded_under_two_names(
    make_project: Any, migrate: Any
) -> None:
    files = {"src/__init__.py": b"", "src/shop/__init__.py": b"", "src/shop/user.py": RELATIVE}
    files["src/shop/foo.py"] = b"class FooOrchestrator:\n    def run(self):\n        return 1\n"
    changed = {change.path for change in migrate(make_project(files)).changes}
    assert "src/shop/foo.py" in changed
    assert "src/shop/user.py" not in changed


@pytest.mark.parametrize(("name", "remedy"), [("__init__", "holds an instance"), ("logger", "Rename it in")])
def test_the_remedy_for_a_base_in_the_way_can_be_followed(
    name: str, remedy: str, make_project: Any, migrate: Any
) -> None:
    text = (
        f"import functools\n\n\nclass Base:\n    def {name}(self): ...\n\n\nclass FooOrchestrator(Base):\n"
        "    @functools.cache  # which no adapter can stand for\n    def run(self): ...\n"
    )
    plan = migrate(make_project({"shop/__init__.py": b"", "shop/foo.py": text.encode()}))
    (refusal,) = plan.refusals
    assert refusal.why == f"its base Base has {name}, and BaseOrchestrator has too"
    assert remedy in refusal.what_to_do


MIXED = b"""
OTHER = 4
LIMIT = 3
class FooOrchestrator:
    def run(self):
        return LIMIT
"""


@pytest.mark.parametrize(
    ("user", "is_moved"),
    [(b"from shop.foo import OTHER\n", False), (b"from shop.foo import LIMIT\n", True)],
)
def test_a_module_that_serves_others_too_stays_where_it_is(
    user: bytes, is_moved: bool, make_project: Any, migrate: Any
) -> None:
    files = {"shop/__init__.py": b"", "shop/foo.py": MIXED, "shop/user.py": user}
    plan = migrate(make_project(files))
    assert plan.refusals == ()
    changed = {change.path for change in plan.changes}
    assert ("core/orchestration/domain/foo.py" in changed) is is_moved
    assert ("shop/user.py" in changed) is is_moved


FLOW = b"class %sOrchestrator:\n    def run(self):\n        return 1\n"


def test_a_class_of_another_service_is_refused_unless_that_knows_this_one(
    make_project: Any, migrate: Any
) -> None:
    files = {"src/shop/__init__.py": b"", "src/shop/here.py": FLOW % b"Here"}
    files |= {"other/there/__init__.py": b"", "other/there/flow.py": FLOW % b"There"}
    apart = make_project(files)
    joined = make_project({**files, "other/there/user.py": b"from shop import here\n"})
    for project, expected in ((apart, ["nothing in other imports anything of src, where "]), (joined, [])):
        config = replace(project.config, source_roots=("src", "other"))
        plan = migrate(replace(project, config=config))
        assert [refusal.why.partition("core.")[0] for refusal in plan.refusals] == expected
        assert any(change.path == "src/shop/here.py" for change in plan.changes)
