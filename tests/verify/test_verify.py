"""What would break something is refused, with everything that hangs on it; what is left is proven."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

from orchestra_codemods.change import Change, Plan, Proof
from orchestra_codemods.config import Config
from orchestra_codemods.project import Project, Sources
from orchestra_codemods.source import Source
from orchestra_codemods.verify import verify

FILES = {
    "pkg/__init__.py": "",
    "pkg/old.py": "# about it\nimport os\n\nlimit = 3\n\n\ndef helper(value):\n    return value + limit\n",
    "pkg/user.py": "from pkg.old import helper  # why\nfrom pkg.gone import nothing\n\nhelper(unknown)\n",
}


def project_of(files: Mapping[str, str]) -> Project:
    sources = {path: Source.new(path, text) for path, text in files.items()}
    return Project(Path("/nowhere"), Sources(Path("/nowhere"), (), sources), Config())


def change(project: Project, path: str, text: str | None, *units: str, **more: object) -> Change:
    before = project.sources.get(path)
    after = None if text is None else before.with_text(text) if before else Source.new(path, text)
    return Change(before, after, "because", units or ("unit",), **more)  # type: ignore[arg-type]


def verified(project: Project, *changes: Change) -> Plan:
    """Verify a plan whose every unit can be left out on its own, and which wants nothing more when done."""

    def replan(current: Project, without: frozenset[str]) -> Plan:
        if current is not project:
            return Plan()
        return Plan(tuple(one for one in changes if not without & set(one.units)))

    return verify(project, replan(project, frozenset()), replan)


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("path", "text", "why"),
        [
            ("pkg/new.py", "def broken(:\n", "no Python"),
            ("pkg/new.py", "x = 1 is 1\n", "would warn: SyntaxWarning"),
            (
                "pkg/new.py",
                "from pkg.nowhere import thing\n",
                "import of pkg.nowhere.thing would lead nowhere",
            ),
            ("pkg/new.py", "from pkg.old import missing\n", "import of pkg.old.missing would lead nowhere"),
            ("pkg/new.py", "print(somebody)\n", "nothing would define somebody"),
            ("pkg/new.py", "def f():\n    return somebody\n", "nothing would define somebody"),
            ("pkg/old.py", "# about it\nlimit = 3\n", "pkg.old would lose helper"),
            (
                "pkg/old.py",
                FILES["pkg/old.py"].replace("# about it\n", ""),
                "comment '# about it' would be lost",
            ),
            ("pkg/old.py", None, "the module pkg.old would be gone"),
            ("settings.toml", "x = = 1\n", "could not be read as TOML"),
        ],
    )
    def test_each_kind_of_damage_is_named(self, path: str, text: str | None, why: str) -> None:
        project = project_of(FILES)
        plan = verified(project, change(project, path, text))
        assert plan.changes == ()
        assert [why in refusal.why for refusal in plan.refusals] == [True], plan.refusals
        assert plan.refusals[0].path == path
        assert plan.refusals[0].what_to_do

    def test_a_change_made_for_another_text_is_refused(self) -> None:
        project = project_of(FILES)
        stale = Change(
            Source.new("pkg/old.py", "x = 1\n"), Source.new("pkg/old.py", "x = 2\n"), "", ("unit",)
        )
        assert "another text" in verified(project, stale).refusals[0].why

    def test_a_new_file_over_an_existing_one_is_refused(self) -> None:
        project = project_of(FILES)
        over = Change(None, Source.new("pkg/old.py", FILES["pkg/old.py"]), "", ("unit",))
        assert "overwrite" in verified(project, over).refusals[0].why

    def test_all_changes_of_the_unit_go_and_others_stay(self) -> None:
        project = project_of(FILES)
        good = change(project, "pkg/good.py", "x = 1\n", "good")
        half = change(project, "pkg/half.py", "x = 1\n", "bad")
        shared = change(project, "pkg/shared.py", "print(somebody)\n", "bad", "worse")
        worse = change(project, "pkg/worse.py", "x = 1\n", "worse")
        plan = verified(project, good, half, shared, worse)
        assert [one.path for one in plan.changes] == ["pkg/good.py"]
        assert {one.unit for one in plan.refusals} == {"bad", "worse"}

    def test_a_plan_that_never_settles_is_refused(self) -> None:
        project = project_of(FILES)
        wanted = change(project, "pkg/new.py", "x = 1\n")

        def replan(current: Project, without: frozenset[str]) -> Plan:
            if without:
                return Plan()
            if current is project:
                return Plan((wanted,))
            return Plan((change(current, "pkg/new.py", current.sources["pkg/new.py"].text + "x = 1\n"),))

        plan = verify(project, replan(project, frozenset()), replan)
        assert plan.changes == ()
        assert "second run" in plan.refusals[0].why

    def test_a_unit_that_comes_back_although_it_was_left_out_changes_nothing(self) -> None:
        project = project_of(FILES)
        stubborn = Plan((change(project, "pkg/new.py", "def broken(:\n"),))
        plan = verify(project, stubborn, lambda _project, _without: stubborn)
        assert plan.changes == ()
        assert plan.refusals


class TestWhatIsNot:
    def test_breakage_that_was_there_before_does_not_count(self) -> None:
        project = project_of(FILES)
        text = FILES["pkg/user.py"].replace("helper(unknown)", "print(unknown)\nhelper(unknown)")
        plan = verified(project, change(project, "pkg/user.py", text))
        assert plan.refusals == ()
        assert [one.proof for one in plan.changes] == [Proof.COMPILES]

    def test_a_file_that_was_no_python_before_does_not_stop_the_rest(self) -> None:
        project = project_of({**FILES, "pkg/broken.py": "def (:\n"})
        assert verified(project, change(project, "pkg/new.py", "x = 1\n")).refusals == ()

    def test_comments_may_go_to_another_file_of_the_unit(self) -> None:
        project = project_of(FILES)
        moved = change(project, "pkg/new.py", FILES["pkg/old.py"])
        shim = change(project, "pkg/old.py", "from pkg.new import helper, limit\n")
        assert verified(project, moved, shim).refusals == ()
        elsewhere = change(project, "pkg/new.py", FILES["pkg/old.py"], "another")
        assert verified(project, elsewhere, shim).refusals != ()

    def test_a_module_that_forwards_loses_nothing(self) -> None:
        project = project_of(FILES)
        shim = """\
            # about it
            from typing import TYPE_CHECKING
            from orchestra.moved import forward
            if TYPE_CHECKING:
                from pkg.new import helper
            forward(__name__, "pkg.new")
            """
        changes = [
            change(project, "pkg/new.py", FILES["pkg/old.py"]),
            change(project, "pkg/old.py", textwrap.dedent(shim)),
        ]
        assert verified(project, *changes).refusals == ()


class TestSameTree:
    BEFORE = (
        "import pkg.old\nfrom pkg.old import helper as aid, limit\nfrom pkg import old, user\n"
        'patch("pkg.old.limit")\npkg.old.helper(1)\n'
    )
    AFTER = (
        "import pkg.new\nfrom pkg.new import helper as aid, limit\nfrom pkg import new as old\n"
        "from pkg import user\n"
        'patch("pkg.new.limit")\npkg.new.helper(1)\n'
    )

    def plan(self, after: str) -> Plan:
        project = project_of({**FILES, "pkg/caller.py": self.BEFORE, "pkg/new.py": FILES["pkg/old.py"]})
        return verified(project, change(project, "pkg/caller.py", after, names=(("pkg.old", "pkg.new"),)))

    def test_a_caller_with_nothing_but_new_names_is_proven(self) -> None:
        plan = self.plan(self.AFTER)
        assert plan.refusals == ()
        assert [one.proof for one in plan.changes] == [Proof.SAME_TREE]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("helper as aid", "limit as aid"),
            ("pkg.new.helper(1)", "pkg.new.helper(2)"),
            ("pkg.new.helper(1)", "pkg.user.helper(1)"),
            ('"pkg.new.limit"', '"pkg.user.limit"'),
            ("from pkg import user\n", "from pkg import user\nfrom pkg import old as more\n"),
        ],
    )
    def test_anything_else_is_refused(self, old: str, new: str) -> None:
        assert old in self.AFTER
        plan = self.plan(self.AFTER.replace(old, new))
        assert plan.changes == ()
        assert plan.refusals
