"""The files that users' CI takes name commands and options that exist."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Orchestra

ROOT = Path(__file__).parents[2]
BAD = "import asyncio\n\n\nasync def handle(event):\n    asyncio.create_task(record(event))\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\nversion = '1'\n")
    (tmp_path / "hub.py").write_text(BAD)
    return tmp_path


def test_each_hooks_entry_runs_on_the_files_that_pre_commit_gives(orchestra: Orchestra) -> None:
    entries = re.findall(
        r"^  entry: orchestra (.+)$", (ROOT / ".pre-commit-hooks.yaml").read_text(), re.MULTILINE
    )
    assert len(entries) == 2
    for entry in entries:
        done = orchestra(*entry.split(), "--no-ruff", "hub.py")
        assert done.code == (0 if "--fix" in entry else 1), done.err


def test_the_actions_script_annotates_and_writes_sarif(tmp_path: Path, project: Path) -> None:
    action = (ROOT / "action.yml").read_text()
    script = (
        action.split("    - name: Check")[1]
        .partition("      run: |\n")[2]
        .replace("\n        ", "\n")
        .strip()
    )
    program = tmp_path / "orchestra-lint" / "bin" / "orchestra"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m orchestra_cli "$@"\n')
    program.chmod(0o755)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=project,
        env={
            **os.environ,
            "RUNNER_TEMP": str(tmp_path),
            "ARGUMENTS": "--no-ruff",
            "BASE": "",
            "SARIF": "out.sarif",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout.startswith("::warning file=hub.py,line=5")
    assert '"version": "2.1.0"' in (project / "out.sarif").read_text()


def documented(title: str) -> str:
    """Return the YAML of a section of the page about lint."""
    page = (ROOT / "docs" / "lint.md").read_text()
    return page.partition(f"\n## {title}\n")[2].partition("```yaml\n")[2].partition("```")[0]


def programs(folder: Path) -> str:
    """Return a PATH on which `orchestra` is ours."""
    folder.mkdir()
    program = folder / "orchestra"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m orchestra_cli "$@"\n')
    program.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def test_the_documented_workflow_annotates_what_a_branch_adds_and_writes_sarif(
    tmp_path: Path, project: Path
) -> None:
    git(project, "init", "-q", "-b", "main")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "x")
    git(project, "update-ref", "refs/remotes/origin/main", "main")
    (project / "new.py").write_text(BAD)
    workflow = yaml.safe_load(documented("GitHub"))
    steps = {step.get("name"): step for step in workflow["jobs"]["lint"]["steps"]}
    environment = {**os.environ, "PATH": programs(tmp_path / "programs"), "GITHUB_BASE_REF": "main"}
    results = {}
    for name in ("Annotate", "Write SARIF"):
        results[name] = subprocess.run(
            ["bash", "-e", "-c", steps[name]["run"]],
            cwd=project,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert results["Annotate"].returncode == 1
    assert [line.partition(",")[0] for line in results["Annotate"].stdout.splitlines()] == [
        "::warning file=new.py"
    ]
    assert results["Write SARIF"].returncode == 0
    (run,) = json.loads((project / "lint.sarif").read_text())["runs"]
    assert len(run["results"]) == 1


def test_the_documented_hook_is_one_that_pre_commit_runs(tmp_path: Path, project: Path) -> None:
    """The same file with the environment of this process in the place of the one that would be installed."""
    config = documented("pre-commit")
    assert "language: python\n" in config
    config = config.replace("language: python\n", "language: system\n")
    lines = [line for line in config.splitlines() if "additional_dependencies" not in line]
    (project / ".pre-commit-config.yaml").write_text("\n".join(lines) + "\n")
    git(project, "init", "-q")
    git(project, "add", "-A")
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--all-files"],
        cwd=project,
        env={
            **os.environ,
            "PATH": programs(tmp_path / "programs"),
            "PRE_COMMIT_HOME": str(tmp_path / "home"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "hub.py:5:5 ORC102" in done.stdout


@pytest.mark.soak
def test_the_actions_two_steps_install_and_check(tmp_path: Path, project: Path) -> None:
    """Nothing is fetched: what the package needs is lent from here, and comes last on the path."""
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    results = {}
    for step in action["runs"]["steps"]:
        results[step["name"]] = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=project,
            env={
                **os.environ,
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
                "RUNNER_TEMP": str(tmp_path),
                "VERSION": "",
                "OURS": str(ROOT),
                "ARGUMENTS": "--no-ruff",
                "BASE": "",
                "SARIF": "out.sarif",
                "PYTHONPATH": sysconfig.get_paths()["purelib"],
                "PIP_NO_INDEX": "1",
                "PIP_NO_DEPS": "1",
                "PIP_NO_BUILD_ISOLATION": "0",
            },
            capture_output=True,
            text=True,
            check=False,
        )
    assert results["Install"].returncode == 0, results["Install"].stderr
    assert results["Check"].returncode == 1, results["Check"].stderr
    assert results["Check"].stdout.startswith("::warning file=hub.py,line=5")
    assert json.loads((project / "out.sarif").read_text())["runs"][0]["results"]
