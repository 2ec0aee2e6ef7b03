"""`orchestra lint` as people and machines use it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from orchestra_cli import cache
from tests.cli.conftest import Orchestra

ROOT = Path(__file__).parents[2]
BAD = "import asyncio\n\n\nasync def handle(event):\n    asyncio.create_task(record(event))  # later\n"
LATE = "import asyncio\n\ntry:\n    work()\nexcept asyncio.TimeoutError:\n    pass\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\nversion = '1'\n")
    (tmp_path / "src" / "hub.py").write_text(BAD)
    (tmp_path / "src" / "late, %: ü.py").write_text(LATE)
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path)
    return tmp_path


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "x")


def test_findings_are_printed_and_the_exit_code_is_one(orchestra: Orchestra) -> None:
    done = orchestra("lint", "--no-ruff")
    assert done.code == 1
    assert "src/hub.py:5:5 ORC102 dangling-task" in done.out
    assert "2 findings, 2 fixable with --fix in 2 files" in done.out


def test_nothing_is_left_in_the_project(orchestra: Orchestra, project: Path) -> None:
    before = sorted(project.rglob("*"))
    orchestra("lint")
    assert sorted(path for path in project.rglob("*") if ".git" not in path.parts) == sorted(
        path for path in before if ".git" not in path.parts
    )


def test_a_clean_project_ends_with_zero(orchestra: Orchestra, project: Path) -> None:
    for path in (project / "src").iterdir():
        path.write_text("A = 1\n")
    assert orchestra("lint", "--no-ruff").code == 0


def test_json_has_the_members_of_the_specification(orchestra: Orchestra) -> None:
    data = json.loads(orchestra("lint", "--output-format", "json", "src/hub.py", "--no-ruff").out)
    jsonschema.validate(data, json.loads((ROOT / "docs" / "reference" / "schemas" / "lint.json").read_text()))
    (one,) = data["findings"]
    assert set(one) == {
        "code",
        "rule",
        "path",
        "line",
        "column",
        "end_line",
        "end_column",
        "message",
        "fix",
        "fingerprint",
    }
    assert (one["code"], one["path"], one["line"], one["column"], one["fix"]["safety"]) == (
        "ORC102",
        "src/hub.py",
        5,
        5,
        "safe",
    )


def test_github_annotations_escape_what_ends_a_property(orchestra: Orchestra) -> None:
    lines = orchestra("lint", "--output-format", "github", "--no-ruff").out.splitlines()
    assert lines[0].startswith(
        "::warning file=src/hub.py,line=5,endLine=5,col=5,endColumn=39,title=ORC102 dangling-task::"
    )
    assert "file=src/late%2C %25%3A ü.py," in lines[1]


def test_concise_is_a_line_a_finding(orchestra: Orchestra) -> None:
    assert orchestra("lint", "src/hub.py", "--output-format", "concise", "--no-ruff").out == (
        "src/hub.py:5:5: ORC102 the task is dropped: it may be collected while it runs\n"
    )


def test_fixes_are_applied_journaled_and_taken_back(orchestra: Orchestra, project: Path) -> None:
    done = orchestra("lint", "--fix", "--no-ruff")
    assert done.code == 0
    text = (project / "src" / "hub.py").read_text()
    assert "_background_tasks.add(task)" in text
    assert "# later" in text
    assert "except TimeoutError:" in (project / "src" / "late, %: ü.py").read_text()
    assert orchestra("undo").code == 0
    assert (project / "src" / "hub.py").read_text() == BAD
    assert git(project, "status", "--short") == ""


def test_uncommitted_edits_are_not_mended_over(orchestra: Orchestra, project: Path) -> None:
    (project / "src" / "hub.py").write_text(BAD + "# mine\n")
    done = orchestra("lint", "--fix", "--no-ruff")
    assert done.code == 2
    assert "uncommitted" in done.err
    assert orchestra("lint", "--fix", "--allow-dirty", "--no-ruff").code == 0


def test_unsafe_fixes_need_to_be_asked_for(orchestra: Orchestra, project: Path) -> None:
    text = "import asyncio\n\n\nclass Hub:\n    def __init__(self):\n        self._t = asyncio.create_task(self.run())\n"  # noqa: E501
    (project / "src" / "hub.py").write_text(text)
    commit(project)
    orchestra("lint", "--fix", "--no-ruff")
    assert (project / "src" / "hub.py").read_text() == text
    orchestra("lint", "--unsafe-fixes", "--no-ruff")
    assert "async def start(self)" in (project / "src" / "hub.py").read_text()


def test_a_diff_shows_fixes_and_writes_nothing(orchestra: Orchestra, project: Path) -> None:
    assert "+    _background_tasks.add(task)" in orchestra("lint", "--fix", "--diff", "--no-ruff").out
    assert git(project, "status", "--short") == ""


def test_an_editor_gives_the_text_on_stdin(
    orchestra: Orchestra, monkeypatch: pytest.MonkeyPatch, project: Path
) -> None:
    class Stdin:
        buffer = io.BytesIO(BAD.replace("handle", "other").encode() + b"    asyncio.create_task(more())\n")

    monkeypatch.setattr(sys, "stdin", Stdin)
    done = orchestra("lint", "-", "--stdin-filename", "src/hub.py", "--output-format", "concise")
    assert [line.partition(": ")[0] for line in done.out.splitlines()] == ["src/hub.py:5:5", "src/hub.py:6:5"]
    assert (project / "src" / "hub.py").read_text() == BAD


def test_a_baseline_keeps_what_is_known_quiet_and_tightens_itself(
    orchestra: Orchestra, project: Path
) -> None:
    assert orchestra("lint", "--write-baseline", "--no-ruff").code == 0
    assert (project / ".gitattributes").read_text() == "lint-baseline.txt merge=union\n"
    assert len((project / "lint-baseline.txt").read_text().splitlines()) == 2
    done = orchestra("lint", "--no-ruff")
    assert (done.code, "2 known" in done.out) == (0, True)
    (project / "src" / "hub.py").rename(project / "src" / "moved.py")
    assert orchestra("lint", "--no-ruff").code == 0
    (project / "src" / "moved.py").write_text("A = 1\n")
    assert orchestra("lint", "--no-ruff").code == 0
    assert len((project / "lint-baseline.txt").read_text().splitlines()) == 1
    (project / "src" / "moved.py").write_text(BAD)
    assert orchestra("lint", "--no-ruff").code == 1


def test_two_branches_baselines_merge_without_a_conflict(orchestra: Orchestra, project: Path) -> None:
    orchestra("lint", "--write-baseline", "--no-ruff")
    commit(project)
    for branch in ("one", "two"):
        git(project, "switch", "-qc", branch, "main")
        (project / "src" / f"{branch}.py").write_text(BAD.replace("handle", branch))
        orchestra("lint", "--write-baseline", "--no-ruff")
        commit(project)
    git(project, "merge", "-q", "one", "-m", "merge")
    assert orchestra("lint", "--no-ruff").code == 0
    assert len((project / "lint-baseline.txt").read_text().splitlines()) == 4


@pytest.mark.parametrize(
    "damage", [b"what is this\n", b"\xff\xfe\x00\x9f" * 40 + b"\n", b"\n0123 too short\n"]
)
def test_a_damaged_baseline_is_reported_and_rebuilt(
    orchestra: Orchestra, project: Path, damage: bytes
) -> None:
    orchestra("lint", "--write-baseline", "--no-ruff")
    baseline = project / "lint-baseline.txt"
    whole = baseline.read_bytes()
    baseline.write_bytes(damage + whole)
    done = orchestra("lint", "--no-ruff")
    assert (done.code, "lint-baseline.txt is damaged (line " in done.err, "2 known" in done.out) == (
        0,
        True,
        True,
    )
    assert baseline.read_bytes() == whole
    assert "damaged" not in orchestra("lint", "--no-ruff").err
    orchestra("undo")
    assert baseline.read_bytes() == damage + whole


def test_a_baseline_of_nonsense_knows_nothing_and_can_be_written_anew(
    orchestra: Orchestra, project: Path
) -> None:
    baseline = project / "lint-baseline.txt"
    baseline.write_bytes(bytes(range(256)))
    assert orchestra("lint", "src", "--no-ruff").code == 1
    assert baseline.read_bytes() == bytes(range(256))
    assert orchestra("lint", "--write-baseline", "--no-ruff").code == 0
    assert orchestra("lint", "--no-ruff").code == 0


def test_a_baseline_that_cannot_be_read_is_a_usage_error(orchestra: Orchestra, project: Path) -> None:
    (project / "lint-baseline.txt").mkdir()
    done = orchestra("lint", "--no-ruff")
    assert (done.code, "cannot be read" in done.err) == (2, True)


def test_base_reports_only_what_the_branch_added(orchestra: Orchestra, project: Path) -> None:
    git(project, "switch", "-qc", "branch")
    (project / "src" / "hub.py").write_text("# moved down\n\n" + BAD + "    asyncio.create_task(more())\n")
    (project / "src" / "untracked.py").write_text(BAD)
    done = orchestra("lint", "--base", "main", "--output-format", "concise", "--no-ruff")
    assert [line.partition(": ")[0] for line in done.out.splitlines()] == [
        "src/hub.py:8:5",
        "src/untracked.py:5:5",
    ]
    assert orchestra("lint", "--base", "nowhere").code == 2


def test_unknown_rules_and_paths_are_usage_errors(orchestra: Orchestra) -> None:
    done = orchestra("lint", "--select", "dangling-tsk")
    assert (done.code, "dangling-task" in done.err) == (2, True)
    assert orchestra("lint", "nowhere.py").code == 2
    assert orchestra("lint", "/").code == 2


def test_a_damaged_cache_is_reported_once_and_made_anew(orchestra: Orchestra, project: Path) -> None:
    first = orchestra("lint", "--no-ruff")
    kept = [one for one in (Path(cache.folder()) / "lint").iterdir() if one.is_file()]
    assert kept
    for one in kept:
        one.write_bytes(b"\xff{")
    second, third = orchestra("lint", "--no-ruff"), orchestra("lint", "--no-ruff")
    assert "cannot be read" in second.err
    assert (first.out, third.out, third.err) == (second.out, second.out, first.err)


def test_files_that_are_named_and_left_out_of_the_project_are_said_and_stop_nothing(
    orchestra: Orchestra, project: Path
) -> None:
    (project / "pyproject.toml").write_text("[tool.orchestra]\nexclude = ['src/vendored']\n")
    (project / ".gitignore").write_text("build.py\n")
    (project / "src" / "vendored").mkdir()
    for path in ("src/vendored/a.py", "build.py"):
        (project / path).write_text(BAD)
    done = orchestra("lint", "src/vendored/a.py", "build.py", "src/hub.py", "--no-ruff")
    assert (done.code, "1 finding, 1 fixable with --fix in 1 file\n" in done.out) == (1, True)
    assert "src/vendored/a.py is left out" in done.err
    assert "build.py is left out" in done.err
    assert orchestra("lint", "build.py", "--no-ruff").code == 0


def test_ruffs_findings_are_merged_in(orchestra: Orchestra, project: Path) -> None:
    (project / "src" / "hub.py").write_text("import time\n\n\nasync def wait():\n    time.sleep(1)\n")
    done = orchestra("lint", "--output-format", "concise", "src/hub.py")
    assert done.out.startswith("src/hub.py:5:5: ASYNC251 ")


def test_without_ruff_one_line_says_so(orchestra: Orchestra, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestra_cli.checking.ruff._program", lambda: None)
    assert "ruff is not installed" in orchestra("lint", "--no-cache").err


@pytest.mark.parametrize("cached", [[], ["--no-cache"]])
def test_in_a_large_tree_the_rest_is_parsed_by_ruff_or_where_it_is_asked_for(
    orchestra: Orchestra, project: Path, monkeypatch: pytest.MonkeyPatch, cached: list[str]
) -> None:
    (project / "src" / "broken.py").write_text("A = 1\nB = (\n")
    monkeypatch.setattr("orchestra_cli.checking.steps.UNREAD", 5)
    unsaid = orchestra("lint", "--no-ruff", *cached)
    assert "ORC900" not in unsaid.out
    assert "the syntax of 1 file that no rule is concerned with was not checked: `--syntax`" in unsaid.err
    for arguments in (["--no-ruff", "--syntax"], [], ["--no-ruff", "src/broken.py"]):
        done = orchestra("lint", *arguments, *cached)
        assert ("src/broken.py:2:5 ORC900" in done.out, "was not checked" in done.err) == (True, False)
    assert orchestra("lint", "--no-ruff", *cached).out == unsaid.out  # whatever is known by now


def test_an_unchanged_project_is_answered_without_typer_rules_or_parsing(project: Path) -> None:
    program = (
        "import sys\nsys.argv[1:] = ['lint', '--no-ruff']\nfrom orchestra_cli.__main__ import main\n"
        "code = main()\nheavy = {'typer', 'rich', 'structlog', 'libcst', 'ast'} & set(sys.modules)\n"
        "heavy |= {name for name in sys.modules if name.startswith('orchestra_codemods.')}\n"
        "heavy.discard('orchestra_codemods.user_folders')  # says where the cache is; needs os alone\n"
        "print(sorted(heavy), file=sys.stderr)\nsys.exit(code)\n"
    )

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", program], cwd=project, capture_output=True, text=True, check=False
        )

    first, second = run(), run()
    assert first.returncode == second.returncode == 1
    assert first.stdout == second.stdout
    assert second.stderr.splitlines()[-1] == "[]"
    (project / "src" / "new.py").write_text(BAD)
    third = run()
    assert third.stdout != second.stdout
    assert "src/new.py" in third.stdout


def test_explain_says_what_why_and_shows_the_fix(orchestra: Orchestra) -> None:
    for name in ("ORC102", "dangling-task"):
        done = orchestra("explain", name)
        assert done.code == 0
        assert "The task that `create_task` returns is dropped." in done.out
        assert "_background_tasks.add(task)" in done.out


def test_unknown_rules_in_the_settings_and_in_suppressions_get_a_suggestion(
    orchestra: Orchestra, project: Path
) -> None:
    (project / "src" / "hub.py").write_text(
        BAD.replace("# later", "# orchestra: ignore[dangling-tsk] it is kept")
    )
    done = orchestra("lint", "src/hub.py", "--no-ruff", "--output-format", "concise")
    assert "there is no rule `dangling-tsk`; did you mean `dangling-task`?" in done.out
    for setting in ("lint-select", "lint-ignore"):
        (project / "pyproject.toml").write_text(f"[tool.orchestra]\n{setting} = ['endles-loop']\n")
        done = orchestra("lint", "--no-ruff")
        assert (done.code, "Did you mean `endless-loop`?" in done.err) == (2, True)


def test_a_file_that_does_not_parse_is_one_finding_and_the_rest_goes_on(
    orchestra: Orchestra, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "src" / "broken.py").write_text("A = 1\nB = (\n")
    both = ["src/broken.py:2:5:", "src/hub.py:5:5:"]
    for paths in ([], ["src/broken.py", "src/hub.py"], ["src"], [], ["src/hub.py", "src/broken.py"]):
        done = orchestra("lint", *paths, "--no-ruff", "--output-format", "concise")
        assert [line.partition(" ")[0] for line in done.out.splitlines()][:2] == both
    git(project, "add", "-A")
    assert "ORC900" in orchestra("lint", "--base", "HEAD", "--no-ruff").out
    commit(project)
    assert "nothing found" in orchestra("lint", "--base", "HEAD", "--no-ruff").out

    class Stdin:
        buffer = io.BytesIO(b"A = [\n")

    monkeypatch.setattr(sys, "stdin", Stdin)
    done = orchestra("lint", "-", "--stdin-filename", "src/new.py", "--output-format", "concise")
    assert done.out == "src/new.py:1:5: ORC900 this file cannot be parsed: '[' was never closed\n"
