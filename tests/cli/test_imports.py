"""What may be imported before a command begins its own work: start-up time, where no clock can lie."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from orchestra_cli.tree import command_names

STANDARD = sys.stdlib_module_names
BOOT = """\
import json, sys
before = set(sys.modules)
sys.argv = ["orchestra", *{arguments!r}]
from orchestra_cli.__main__ import main
try:
    main()
finally:
    sys.stdout.flush()
    print("\\n" + json.dumps(sorted(set(sys.modules) - before)))
"""


def imported(*arguments: str, cwd: Path) -> set[str]:
    """Return the modules that a command imports beyond those of an empty interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", BOOT.format(arguments=list(arguments))],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    modules: list[str] = json.loads(done.stdout.splitlines()[-1])
    return set(modules)


def top_level(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def foreign(modules: set[str]) -> set[str]:
    return {name for name in top_level(modules) if name not in STANDARD and not name.startswith("_distutils")}


def test_the_version_needs_next_to_nothing(project: Path) -> None:
    modules = imported("--version", cwd=project)
    assert foreign(modules) == {"orchestra", "orchestra_cli"}
    ours = {name for name in modules if name.startswith("orchestra")}
    assert ours == {
        "orchestra",
        "orchestra._version",
        "orchestra_cli",
        "orchestra_cli.__main__",
        "orchestra_cli.terminal",
    }
    assert not {"argparse", "re", "importlib.metadata", "typing", "pathlib", "json", "enum"} & modules - {
        "typing"
    }


def test_the_main_help_needs_a_table_and_a_layout(project: Path) -> None:
    modules = imported("--help", cwd=project)
    assert foreign(modules) == {"orchestra_cli"}
    assert not {"argparse", "re", "json", "pathlib", "enum", "shutil", "textwrap"} & modules


@pytest.mark.parametrize("name", command_names())
def test_the_help_of_a_command_needs_neither_typer_nor_the_command(name: str, project: Path) -> None:
    modules = imported(name, "--help", cwd=project)
    assert foreign(modules) == {"orchestra_cli"}
    assert f"orchestra_cli.commands.{name}" not in modules
    assert not {"argparse", "pathlib", "asyncio", "dataclasses"} & modules


@pytest.mark.parametrize("name", [name for name in command_names() if name != "config"])
def test_a_misused_command_is_explained_with_typer_and_without_what_it_drags_along(
    name: str, project: Path
) -> None:
    modules = imported(name, "--no-such-option", cwd=project)
    assert {"typer", "orchestra", "orchestra_cli"} <= foreign(modules)
    ours = {"orchestra", "orchestra_cli", "orchestra_codemods"}  # the last to find the cache of answers
    assert foreign(modules) <= {*ours, "typer", "annotated_doc", "shellingham"}
    assert not {"asyncio", "tomllib", "argparse", "xml"} & top_level(modules)
    others = {f"orchestra_cli.commands.{other}" for other in command_names() if other != name}
    assert not others & modules


@pytest.mark.parametrize(
    "arguments",
    [
        ("config", "show"),
        ("list",),
        ("history",),
        ("explain", "usage"),
        ("scan",),
        ("init", "--check"),
        ("new", "domain", "x"),
    ],
)
def test_no_command_loads_what_it_does_not_use(arguments: tuple[str, ...], project: Path) -> None:
    (project / "work.py").write_text("class NightOrchestrator:\n    async def run(self): ...\n")
    modules = top_level(imported(*arguments, cwd=project))
    assert not {"typer", "pydantic", "rich", "libcst", "structlog", "asyncio", "tomlkit"} & modules


def test_the_cached_list_needs_neither_the_command_nor_the_settings(project: Path) -> None:
    from tests.support.commands import in_own_process

    assert in_own_process("init", cwd=project).code == 0
    assert "orchestra_cli.commands.list" in imported("list", cwd=project)
    modules = imported("list", cwd=project)
    assert foreign(modules) == {"orchestra", "orchestra_cli", "orchestra_codemods"}
    assert not {"orchestra_cli.commands", "tomllib", "pathlib", "ast", "dataclasses"} & modules


def test_completion_needs_no_typer(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_ORCHESTRA_COMPLETE", "bash")
    assert foreign(imported("un", cwd=project)) == {"orchestra_cli"}
