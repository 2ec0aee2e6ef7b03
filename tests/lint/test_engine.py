"""What the engine promises whatever the rules are."""

from __future__ import annotations

import json
import sys
import sysconfig
import warnings
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestra_codemods.config import Config
from orchestra_codemods.lint.analysis import Analyser
from orchestra_codemods.lint.baseline import Baseline, written
from orchestra_codemods.lint.cache import Cache, key_of
from orchestra_codemods.lint.python import UNKNOWN, oldest_python
from orchestra_codemods.lint.rule import all_rules
from orchestra_codemods.lint.run import lint
from orchestra_codemods.lint.selection import UnknownRuleError, selected
from orchestra_codemods.project import Project, Sources
from tests.support.lint import TODAY, project_of

DROPPED = "import asyncio\n\nasync def handle(event):\n    asyncio.create_task(record(event)){}\n"


def codes(text: str, today: str = TODAY) -> list[tuple[str, int]]:
    report = lint(project_of({"src/a.py": text}), selected(), today=today)
    return [(one.code, one.span.line) for one in report.open]


def test_a_comment_with_a_reason_silences_its_line() -> None:
    assert codes(DROPPED.format("")) == [("ORC102", 4)]
    assert codes(DROPPED.format("  # orchestra: ignore[dangling-task] the broker keeps it")) == []
    assert codes(DROPPED.format("  # orchestra: ignore[ORC102] the broker keeps it")) == []


def test_a_comment_above_silences_the_line_below() -> None:
    text = DROPPED.format("").replace("    asyncio.c", "    # orchestra: ignore[ORC102] kept\n    asyncio.c")
    assert codes(text) == []


def test_a_date_is_judged_at_every_run() -> None:
    text = DROPPED.format("  # orchestra: ignore[ORC102] for now until=2026-11-22")
    assert codes(text, today="2026-11-22") == []
    assert codes(text, today="2026-11-23") == [("ORC901", 4), ("ORC102", 4)][::-1]


def test_an_unused_comment_is_reported_and_removed() -> None:
    text = "A = 1  # orchestra: ignore[ORC102] no longer\n# orchestra: ignore[ORC102] nor this\nB = 2\n"
    report = lint(project_of({"src/a.py": text}), selected(), today=TODAY)
    assert [one.code for one in report.open] == ["ORC901", "ORC901"]
    from orchestra_codemods.change import apply_edits

    edits = [edit for one in report.open if one.fix for edit in one.fix.edits]
    assert apply_edits(text, edits) == "A = 1\nB = 2\n"


def test_a_comment_for_a_rule_that_did_not_run_is_not_called_unused() -> None:
    text = DROPPED.format("  # orchestra: ignore[ORC102] the broker keeps it")
    assert lint(project_of({"src/a.py": text}), selected(["ORC901"]), today=TODAY).open == ()


def test_a_file_that_does_not_parse_is_one_finding_and_the_rest_goes_on() -> None:
    files = {
        "src/a.py": "import asyncio\nasync def f(:\n    asyncio.create_task(x())\n",
        "src/b.py": DROPPED.format(""),
    }
    report = lint(project_of(files), selected(), today=TODAY)
    assert [(one.path, one.code, one.span.line) for one in report.open] == [
        ("src/a.py", "ORC900", 2),
        ("src/b.py", "ORC102", 4),
    ]


def test_a_file_that_is_no_text_is_skipped_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"# coding: utf-8\nimport asyncio\nasyncio.create_task(x())\n\xff\n")
    report = lint(Project(tmp_path, Sources(tmp_path, ["a.py", "gone.py"]), Config()), selected())
    assert [one.path for one in report.skipped] == ["a.py", "gone.py"]


def test_unknown_rules_get_a_did_you_mean() -> None:
    with pytest.raises(UnknownRuleError, match="dangling-task"):
        selected(["dangling-tsk"])
    with pytest.raises(UnknownRuleError, match="given up"):
        selected(ignore=["ORC112"])


def test_rules_are_selected_by_code_group_and_name() -> None:
    assert {rule.code for rule in selected(["ORC4"])} == {
        "ORC401",
        "ORC402",
        "ORC403",
        "ORC404",
        "ORC405",
        "ORC406",
    }
    assert [rule.slug for rule in selected(["fail-without-category"])] == ["fail-without-category"]
    assert "ORC013" not in {rule.code for rule in selected()}
    assert "ORC102" not in {rule.code for rule in selected(ignore=["dangling-task"])}
    assert len(selected(["ALL"])) == len(all_rules())


def test_a_rule_in_preview_runs_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    early = tuple(replace(one, default="preview") if one.code == "ORC115" else one for one in all_rules())
    monkeypatch.setattr("orchestra_codemods.lint.selection.all_rules", lambda: early)
    runs = [selected(), selected(["ORC1"]), selected(preview=True), selected(["timeout-alias"])]
    assert ["ORC115" in {rule.code for rule in run} for run in runs] == [False, False, True, True]


MANY = {f"src/m{number}.py": DROPPED.format("") * 3 + f"A = {number}\n" for number in range(12)}


def test_the_result_depends_neither_on_processes_nor_on_the_order_of_files(tmp_path: Path) -> None:
    for path, text in MANY.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    project = Project(tmp_path, Sources(tmp_path, MANY), Config())
    backwards = Project(tmp_path, Sources(tmp_path, reversed(list(MANY))), Config())
    alone = lint(project, selected(), jobs=1)
    assert alone.open
    assert lint(Project(tmp_path, Sources(tmp_path, MANY), Config()), selected(), jobs=3) == alone
    assert lint(backwards, selected(), jobs=1) == alone


def test_a_cache_gives_the_same_and_a_damaged_one_is_reported_and_made_anew(tmp_path: Path) -> None:
    project, rules = project_of(MANY), selected()
    file, key = tmp_path / "cache.json", key_of(rules, Config())
    plain = lint(project, rules)
    assert lint(project, rules, cache=Cache(file, key)) == plain
    warm = Cache(file, key)
    assert lint(project, rules, cache=warm) == plain
    assert warm.problem is None
    for damage in ("{", "[]", json.dumps({"key": key, "files": {path: ["", 3] for path in MANY}})):
        file.write_text(damage)
        broken = Cache(file, key)
        assert lint(project, rules, cache=broken) == plain
    file.write_text("{")
    assert "made anew" in (Cache(file, key).problem or "")
    assert Cache(file, "another key").get("src/m1.py", b"") is None


def test_an_unchanged_tree_is_answered_without_parsing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, rules = project_of(MANY), selected(["ORC1"])
    file, key = tmp_path / "cache.json", key_of(rules, Config())
    before = lint(project, rules, cache=Cache(file, key))
    monkeypatch.setattr(Analyser, "analyse", lambda *_: pytest.fail("parsed again"))
    assert lint(project, rules, cache=Cache(file, key)) == before


def test_a_baseline_survives_moving_renaming_and_reformatting() -> None:
    text = "import asyncio\n\nclass Hub:\n    async def handle(self, event):\n        asyncio.create_task(record(event, kind='x'))\n"  # noqa: E501
    other = (
        '"""Moved, renamed, reformatted."""\n\nfrom __future__ import annotations\n\nimport asyncio\nimport os\n\n\n'  # noqa: E501
        "class Hub:\n    def new(self):\n        return 1\n\n    async def handle(self, event):\n"
        '        asyncio.create_task(\n            record(\n                event,\n                kind="x",\n            )\n        )\n'  # noqa: E501
    )
    known = Baseline.parse(written(lint(project_of({"src/a.py": text}), selected(["ORC1"])).open).encode())
    new, old = known.split(lint(project_of({"lib/b.py": other}), selected(["ORC1"])).open)
    assert (len(new), len(old)) == (0, 1)


def test_a_second_finding_of_the_same_kind_is_new() -> None:
    known = Baseline.of(lint(project_of({"src/a.py": DROPPED.format("")}), selected()).open)
    twice = DROPPED.format("") + "    asyncio.create_task(record(event))\n"
    new, old = known.split(lint(project_of({"src/a.py": twice}), selected()).open)
    assert (len(new), len(old)) == (1, 1)


def test_a_baseline_with_conflict_markers_is_read_as_a_union_and_nonsense_is_noted() -> None:
    text = "<<<<<<< ours\n0123456789abcdef ORC102 x a.py\n=======\nfedcba9876543210 ORC102 x b.py\n>>>>>>> theirs\n"  # noqa: E501
    assert len(Baseline.parse(text.encode()).known) == 2
    assert Baseline.parse(b"# of us\n\nnonsense\n").damaged == (3,)


STANDARD_LIBRARY = sorted(Path(sysconfig.get_paths()["stdlib"]).rglob("*.py"))


@pytest.mark.parametrize("part", range(4))
def test_no_file_of_the_standard_library_or_of_packages_makes_a_rule_fail(
    part: int, request: pytest.FixtureRequest
) -> None:
    """Every rule looks at every file, whatever its tokens say; a sample unless --soak."""
    files = STANDARD_LIBRARY[part::4]
    step = 1 if request.config.getoption("--soak") else 40
    analyser = Analyser(all_rules(), Config())
    checks = tuple(rule for rule in all_rules() if rule.check is not None and rule.nodes)
    collectors = tuple(one for rule in all_rules() for one in rule.facts if one.scan is None)
    analyser.concerns = lambda *_: (checks, collectors)  # type: ignore[method-assign]
    from orchestra_codemods.source import SourceError

    for path in files[::step]:
        try:
            analyser.analyse(path.name, path.read_bytes())
        except SourceError:
            continue


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["\n", "\n\n", "# a comment\n", "import os\n", "X = 1\n", "def one():\n    return 1\n\n"]
        ),
        max_size=8,
    )
)
def test_fingerprints_do_not_depend_on_what_stands_before(parts: list[str]) -> None:
    text = "import asyncio\n\nclass Hub:\n    async def handle(self):\n        asyncio.create_task(work())\n"
    prints = {one.fingerprint for one in lint(project_of({"a.py": text}), selected(["ORC1"])).open}
    assert prints == {
        one.fingerprint for one in lint(project_of({"b.py": "".join(parts) + text}), selected(["ORC1"])).open
    }


@pytest.mark.parametrize(
    ("wanted", "lowest"),
    [
        (">=3.10,<4", (3, 10)),
        ("~=3.11", (3, 11)),
        ("<4,>=3.9", (3, 9)),
        ("==3.12.*", (3, 12)),
        ("<4", (4, 0)),
    ],
)
def test_the_oldest_python_is_read_from_the_project(wanted: str, lowest: tuple[int, int]) -> None:
    project = project_of({"pyproject.toml": f"[project]\nrequires-python = '{wanted}'\n"})
    assert oldest_python(project) == lowest


@pytest.mark.parametrize("text", ["nonsense [", "[project]\nname = 'x'\n", "project = 3\n"])
def test_an_unsaid_python_is_a_current_one(text: str) -> None:
    assert oldest_python(project_of({"pyproject.toml": text})) == UNKNOWN


UNREAD = {
    "src/fine.py": b"# nothing that a rule is about\nA = '\\d'\n",
    "src/nul.py": b"A = 1\nB = '\0'\n",
    "src/late.py": b"A = 1\n\n\nB = (\n",
    "src/bytes.py": b"# coding: utf-8\nA = '\xff'\n",
    "src/latin.py": b"# coding: latin-1\nA = '\xff'\n",
    "src/bom.py": b"\xef\xbb\xbfA = 1\r\n",
    "src/return.py": b"return 1\n",
    "src/twice.py": b"def f(a, a): pass\n",
    "src/global.py": b"def f():\n    x = 1\n    global x\n",
    "src/deep.py": b"A = " + b"(" * 300 + b")" * 300 + b"\n",
    "src/empty.py": b"",
}


def test_a_file_that_no_rule_is_concerned_with_is_broken_where_it_cannot_be_parsed(tmp_path: Path) -> None:
    for path, data in UNREAD.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(data)
    project = Project(tmp_path, Sources(tmp_path, UNREAD), Config())
    assert lint(project, selected()).open == ()
    with warnings.catch_warnings(record=True) as leaked:
        warnings.simplefilter("always")
        found = lint(project, selected(), unread=4_000_000)
    assert leaked == []
    assert [(one.path, one.code, one.span.line) for one in found.open if one.path != "src/bytes.py"] == [
        ("src/deep.py", "ORC900", 1),
        ("src/late.py", "ORC900", 4),
        ("src/nul.py", "ORC900", 2 if sys.version_info < (3, 12) else found.open[3].span.line),
    ]
    assert next(one.path for one in found.open) == "src/bytes.py"
    assert lint(project, selected(), asked=frozenset(UNREAD)).open == found.open


def test_what_is_known_of_syntax_is_kept_and_said_only_within_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"src/a.py": "A = (\n", "src/b.py": "B = 2\n", "src/c.py": DROPPED.format("")}
    project, rules = project_of(files), selected()
    file, key = tmp_path / "cache.json", key_of(rules, Config())
    plain = {most: lint(project, rules, unread=most) for most in (0, 11, 12)}
    assert [(len(one.open), one.unread) for one in plain.values()] == [(1, 2), (1, 2), (2, 0)]
    for most in (0, 12, 0, 11, 12):
        assert lint(project, rules, cache=Cache(file, key), unread=most) == plain[most]
    monkeypatch.setattr("orchestra_codemods.lint.reading.broken", lambda *_: pytest.fail("parsed again"))
    assert lint(project, rules, cache=Cache(file, key), unread=12) == plain[12]
    assert lint(project, rules, ["src/b.py"], cache=Cache(file, key), unread=6).open == ()
