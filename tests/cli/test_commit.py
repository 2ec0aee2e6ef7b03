"""A commit for each orchestrator: each stands alone, and none is made where it could do harm."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from orchestra_cli.migrating.message import Style
from tests.cli.conftest import Orchestra
from tests.cli.test_output import check
from tests.support.commands import committed, git
from tests.support.family import BASE, heir
from tests.support.legacy_bot import APPLICATION, not_importable, outcomes
from tests.support.snapshots import snapshot

FLOW = '''\
"""{0} work."""


class {0}WorkflowOrchestrator:
    """Runs a workflow."""

    async def run_workflow(self, day: str) -> str:
        return f"done: {{day}}"
'''
HEIR = heir("HeirWorkflowOrchestrator", "base")


@pytest.fixture
def legacy(orchestra: Orchestra, project: Path) -> Path:
    for name in ("Night", "Day"):
        (project / f"{name.lower()}.py").write_text(FLOW.format(name))
    (project / "base.py").write_text(BASE)
    (project / "heir.py").write_text(HEIR)
    (project / "caller.py").write_text("from night import NightWorkflowOrchestrator\n")
    (project / ".gitignore").write_text("__pycache__\n")
    assert orchestra("init").code == 0
    return committed(project)


def subjects(folder: Path) -> list[str]:
    return git(folder, "log", "--format=%s", "--reverse").splitlines()[1:]


def hook(folder: Path, name: str, script: str) -> None:
    file = folder / ".git" / "hooks" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def test_each_orchestrator_is_a_commit_and_those_that_inherit_are_one(
    orchestra: Orchestra, legacy: Path
) -> None:
    done = orchestra("migrate", "--all", "--commit", "--output-format", "json")
    assert done.code == 0, done.err
    made = check(json.loads(done.out))["commits"]
    assert [each["names"] for each in made] == [
        ["base_workflow", "heir_workflow"],
        ["day_workflow"],
        ["night_workflow"],
    ]
    assert subjects(legacy) == [each["subject"] for each in made]
    assert git(legacy, "status", "--porcelain") == ""
    assert git(legacy, "log", "-1", "--format=%H").strip() == made[-1]["commit"]


def test_together_the_commits_are_what_one_run_would_have_written(orchestra: Orchestra, legacy: Path) -> None:
    assert orchestra("migrate", "--all").code == 0
    at_once = snapshot(legacy, without=(".git", "__pycache__"))
    assert orchestra("undo").code == 0
    assert orchestra("migrate", "--all", "--commit").code == 0
    stepwise = snapshot(legacy, without=(".git", "__pycache__"))
    assert stepwise.keys() == at_once.keys()
    for path, entry in at_once.items():
        # The order of what is registered and recorded is that of the commits.
        assert sorted(entry.content.splitlines()) == sorted(stepwise[path].content.splitlines()), path


def test_a_commit_is_taken_back_by_undo_and_by_git(orchestra: Orchestra, legacy: Path) -> None:
    start = snapshot(legacy, without=(".git", "__pycache__"))
    assert orchestra("migrate", "day_workflow", "night_workflow", "--commit").code == 0
    for _ in range(2):
        assert orchestra("undo").code == 0
        git(legacy, "add", "--all")
        git(legacy, "commit", "--quiet", "--message", "Take it back")
    assert snapshot(legacy, without=(".git", "__pycache__")) == start
    assert orchestra("migrate", "night_workflow", "--commit").code == 0
    git(legacy, "revert", "--no-edit", "HEAD")
    assert snapshot(legacy, without=(".git", "__pycache__")) == start


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (["git commit --allow-empty -qm x", "git switch -q --detach"], "HEAD is on no branch"),
        (["echo '# more' >> night.py"], "there are uncommitted changes, in night.py"),
        (["echo '# more' >> .gitignore", "git add .gitignore"], "there are uncommitted changes"),
        (["git symbolic-ref HEAD refs/heads/unborn"], "no commit yet"),
        (
            [
                "git switch -qc other",
                "git commit -q --allow-empty -m one",
                "git switch -q -",
                "git commit -q --allow-empty -m two",
                "git merge -q --no-commit --no-ff other",
            ],
            "a merge is in progress",
        ),
        (["git bisect start"], "a bisection is in progress"),
        (["rm -rf .git"], "not a git repository"),
        (["git config user.useConfigOnly true"], "does not know who commits"),
    ],
    ids=["detached", "dirty", "staged", "unborn", "merge", "bisect", "no-repository", "nobody"],
)
def test_where_commits_could_do_harm_nothing_is_begun(
    orchestra: Orchestra, legacy: Path, monkeypatch: pytest.MonkeyPatch, prepare: list[str], said: str
) -> None:
    for line in prepare:
        subprocess.run(["sh", "-c", line], cwd=legacy, check=True, capture_output=True)
    if "useConfigOnly" in prepare[0]:
        for who in ("AUTHOR", "COMMITTER"):
            monkeypatch.delenv(f"GIT_{who}_NAME")
            monkeypatch.delenv(f"GIT_{who}_EMAIL")
    before = snapshot(legacy)
    done = orchestra("migrate", "night_workflow", "--commit")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error[not-committable]: ")
    assert said in done.err
    assert snapshot(legacy) == before


def test_commit_and_allow_dirty_conflict(orchestra: Orchestra, legacy: Path) -> None:
    done = orchestra("migrate", "--all", "--commit", "--allow-dirty")
    assert done.code == 2
    assert done.err.startswith("error[conflicting-options]: ")


def test_a_hook_that_refuses_stops_and_nothing_is_lost(orchestra: Orchestra, legacy: Path) -> None:
    hook(legacy, "commit-msg", "grep -q day_workflow $1 && { echo 'no days here' >&2; exit 1; }; exit 0")
    done = orchestra("migrate", "--all", "--commit")
    assert done.code == 2
    assert "no days here" in done.err
    assert "error[commit-failed]: " in done.err
    assert len(subjects(legacy)) == 1
    assert "base_workflow" in done.out
    assert git(legacy, "diff", "--cached", "--name-only") == ""
    assert (legacy / "orchestrators/domain/day_workflow.py").is_file()
    again = orchestra("migrate", "--all", "--commit")
    assert again.err.startswith("error[not-committable]: ")
    assert orchestra("undo").code == 0
    assert git(legacy, "status", "--porcelain") == ""
    (legacy / ".git/hooks/commit-msg").unlink()
    assert orchestra("migrate", "--all", "--commit").code == 0
    assert len(subjects(legacy)) == 3


def test_a_hook_that_rewrites_what_is_committed_is_followed(orchestra: Orchestra, legacy: Path) -> None:
    """As formatters do that add their result to the commit."""
    names = "$(git diff --cached --name-only --diff-filter=d -- '*.py')"
    hook(legacy, "pre-commit", f'for one in {names}; do echo "# formatted" >> "$one"; git add "$one"; done')
    done = orchestra("migrate", "--all", "--commit")
    assert done.code == 0, done.err
    assert git(legacy, "status", "--porcelain") == ""
    assert len(subjects(legacy)) == 3
    wiring = (legacy / "orchestrators/orchestrators.py").read_text()
    assert wiring.count("# formatted") == 3
    assert wiring.count('    facade.register_factory("') == 4


def test_what_is_nobodys_business_stays_out_of_the_commits(orchestra: Orchestra, legacy: Path) -> None:
    (legacy / "notes.txt").write_text("mine\n")
    assert orchestra("migrate", "night_workflow", "--commit").code == 0
    assert git(legacy, "status", "--porcelain") == "?? notes.txt\n"


def test_a_dry_run_commits_nothing(orchestra: Orchestra, legacy: Path) -> None:
    before = snapshot(legacy)
    assert orchestra("migrate", "--all", "--commit", "--dry-run").code == 0
    assert snapshot(legacy) == before


@pytest.mark.parametrize(
    ("messages", "subject"),
    [
        ([], "Migrate X"),
        (["Add a thing", "Mend it"], "Migrate X"),
        (["add a thing", "mend it"], "migrate X"),
        (["Added a thing.", "Fixed it."], "Migrated X."),
        (["feat: add a thing", "fix: mend it"], "refactor: migrate X"),
        (["feat(ui): add a thing", "fix(api)!: mend it", "Merge"], "refactor(orchestration): migrate X"),
    ],
)
def test_messages_are_written_as_the_projects_own(messages: list[str], subject: str) -> None:
    assert Style.of(messages).subject("Migrate X") == subject


def test_a_body_is_written_where_there_usually_is_one() -> None:
    assert Style.of(["Add a thing\n\nSince it was missing."]).has_body
    assert not Style.of(["Add a thing", "Mend it"]).has_body
    assert Style.of(["Add\n\nSigned-off-by: A <a@b>"]).is_signed_off


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(("claim_check", "digest", "weekly_digest"), id="sample"),
        pytest.param(("--all",), id="all", marks=pytest.mark.soak),
    ],
)
def test_each_commit_of_the_legacy_application_imports_and_passes_its_tests(
    orchestra: Orchestra, tmp_path: Path, names: tuple[str, ...]
) -> None:
    root = tmp_path / "bot"
    shutil.copytree(APPLICATION, root, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    assert orchestra("init", "--package", "core.orchestration", cwd=root).code == 0
    committed(root)
    start = git(root, "rev-parse", "HEAD").strip()
    broken = not_importable(root)
    assert orchestra("migrate", *names, "--commit", cwd=root).code in (0, 1)
    assert git(root, "status", "--porcelain", "--untracked-files=no") == ""
    commits = git(root, "rev-list", "--reverse", f"{start}..HEAD").split()
    assert len(commits) == (2 if "--all" not in names else 20)
    # What the last commit leaves is tested elsewhere.
    for each in commits[:-1]:
        git(root, "checkout", "--quiet", each)
        assert not_importable(root) <= broken, each
        assert set(outcomes(root).values()) == {"PASSED"}, each
