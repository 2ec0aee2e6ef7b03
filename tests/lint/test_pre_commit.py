"""The hooks run under the real pre-commit; with --soak also in the environment that it installs for them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BAD = "import asyncio\n\n\nasync def handle(event):\n    asyncio.create_task(record(event))\n"
SOURCES = ("framework", "codemods", "templates", "orchestra_cli", "docs/examples")


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def committed(folder: Path) -> str:
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "x")
    return git(folder, "rev-parse", "HEAD").strip()


def pre_commit(tmp_path: Path, hooks: Path, **settings: str) -> tuple[int, str, Path]:
    """Run both hooks of a repository on a project with a defect and a file that is no Python."""
    project = tmp_path / "project"
    project.mkdir()
    (project / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {hooks}\n    rev: {committed(hooks)}\n"
        "    hooks:\n      - id: orchestra-lint\n      - id: orchestra-lint-fix\n"
    )
    (project / "pyproject.toml").write_text("[project]\nname = 'x'\nversion = '1'\n")
    (project / "hub.py").write_text(BAD)
    (project / "notes.md").write_text(BAD)
    committed(project)
    places = {"PRE_COMMIT_HOME": str(tmp_path / "home"), "PRE_COMMIT_COLOR": "never"}
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--all-files"],
        cwd=project,
        env={**os.environ, **places, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr, project


def expect_both_hooks(code: int, out: str, project: Path) -> None:
    assert code == 1, out
    assert "orchestra lint...." in out
    assert "hub.py:5:5 ORC102 dangling-task" in out
    assert "notes.md" not in out
    assert "files were modified by this hook" in out
    assert "_background_tasks.add(task)" in (project / "hub.py").read_text()
    assert (project / "notes.md").read_text() == BAD


def test_both_hooks_find_and_mend(tmp_path: Path) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    described = (ROOT / ".pre-commit-hooks.yaml").read_text()
    assert described.count("language: python\n") == 2
    described = described.replace("language: python\n", "language: system\n")
    lines = [line for line in described.splitlines() if "additional_dependencies" not in line]
    (hooks / ".pre-commit-hooks.yaml").write_text("\n".join(lines) + "\n")
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "orchestra").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m orchestra_cli "$@"\n')
    (programs / "orchestra").chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    expect_both_hooks(*pre_commit(tmp_path, hooks, PATH=path))


@pytest.mark.soak
def test_both_hooks_run_in_the_environment_that_pre_commit_installs(tmp_path: Path) -> None:
    """Nothing is fetched: what the package needs is lent from here, and comes last on the path."""
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, hooks / name)
    for name in SOURCES:
        shutil.copytree(ROOT / name, hooks / name, ignore=shutil.ignore_patterns("__pycache__"))
    lent = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0"}
    purelib = sysconfig.get_paths()["purelib"]
    expect_both_hooks(*pre_commit(tmp_path, hooks, PYTHONPATH=purelib, **lent))
