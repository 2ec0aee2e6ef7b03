"""What is printed where: results on stdout, narration on stderr, colour where wanted, JSON by its schema."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from orchestra_cli import __main__ as entry_point
from orchestra_cli.session import Session
from orchestra_cli.terminal import Style, shown, style_of
from tests.cli.conftest import Orchestra
from tests.support.commands import committed, in_own_process
from tests.support.environments import ROOT
from tests.support.orchestrated import write_orchestrators
from tests.support.terminals import at_a_terminal

SCHEMAS = ROOT / "docs" / "reference" / "schemas"
LEGACY = '''\
import asyncio


class NightShiftOrchestrator:
    """Runs the nightly workflow."""

    def __init__(self, limit=3):
        self.limit = limit

    async def run_workflow(self, day: str, *, force: bool = False) -> int:
        await asyncio.sleep(0)
        return self.limit
'''


def check(document: Any) -> Any:
    """Validate a document against the schema that it names."""
    name = document["schema"].split("/")[1]
    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema)
    return document


@pytest.fixture
def legacy(project: Path) -> Path:
    (project / "night.py").write_text(LEGACY)
    main = "from night import NightShiftOrchestrator\n\n\ndef main():\n    return NightShiftOrchestrator(2)\n"
    (project / "main.py").write_text(main)
    return committed(project)


def test_every_result_is_valid_by_its_schema(orchestra: Orchestra, legacy: Path) -> None:
    def result(*arguments: str) -> Any:
        return check(json.loads(orchestra(*arguments, "--output-format", "json").out))

    result("config", "show")
    result("explain", "usage")
    result("history")
    result("init", "--dry-run", "--diff")
    assert result("init")["id"]
    scanned = result("scan")
    assert [each["name"] for each in scanned["orchestrators"]] == ["night_shift"]
    tried = result("migrate", "night_shift", "--dry-run", "--diff")
    assert tried["id"] is None
    migrated = result("migrate", "night_shift", "--allow-dirty")
    assert sum(migrated["verified"].values()) == len(migrated["changes"]) > 3
    assert [row["name"] for row in result("list")["orchestrators"]] == ["night_shift"]
    ran = result("run", "night_shift", "--operation", "run_workflow", "-p", "day=monday")
    assert ran["data"] == {"result": 3}
    assert result("run", "night_shift", "--explain")["operations"][0]["name"] == "run_workflow"
    assert len(result("history")["runs"]) == 2
    result("undo", "--dry-run")
    result("undo")
    assert {path.stem for path in SCHEMAS.glob("*.json")} >= {"resume", "demo"}


def test_results_go_to_stdout_and_narration_to_stderr_unless_quiet(
    orchestra: Orchestra, project: Path
) -> None:
    loud = orchestra("init", "--dry-run")
    assert loud.err == ""
    spoken = orchestra("init")
    assert spoken.err.startswith("Not in a git repository")
    orchestra("undo")
    for arguments in (("init", "-q"), ("--quiet", "init")):
        silent = orchestra(*arguments)
        assert silent.err == ""
        assert silent.out.splitlines()[:-1] == spoken.out.splitlines()[:-1]
        orchestra("undo")


@pytest.mark.parametrize(
    ("environment", "is_terminal", "is_coloured"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"TERM": "dumb"}, True, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, False, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
    ],
)
def test_colour(environment: dict[str, str], is_terminal: bool, is_coloured: bool) -> None:
    class Stream(io.StringIO):
        def isatty(self) -> bool:
            return is_terminal

    assert style_of(Stream(), environment).is_coloured is is_coloured
    assert ("\x1b[" in Style(is_coloured=is_coloured).red("x")) is is_coloured


def test_a_closed_stream_has_no_colour() -> None:
    stream = io.StringIO()
    stream.close()
    assert not style_of(stream, {}).is_coloured


def test_forced_colour_reaches_results_and_errors(
    orchestra: Orchestra, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in orchestra("config", "show").out
    assert "\x1b[31merror[unknown-command]\x1b[0m" in orchestra("xyzzy").err
    assert "\x1b[" not in orchestra("config", "show", "--output-format", "json").out


@pytest.mark.parametrize(
    "arguments", [("--help",), ("config", "show"), ("scan", "--help"), ("explain", "usage")]
)
def test_a_reader_that_goes_away_is_no_error(arguments: tuple[str, ...], project: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "orchestra_cli", *arguments],
        cwd=project,
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("arguments", [("config", "show"), ("--help",), ("--version",)])
def test_a_full_disk_behind_stdout_is_an_error_with_a_code(arguments: tuple[str, ...], project: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "orchestra_cli", *arguments],
            cwd=project,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("error[output-not-writable]: ")
    assert "\nhint: " in done.stderr
    assert len(done.stderr.splitlines()) == 2, "nothing of the interpreter's follows"


@pytest.mark.parametrize("arguments", ["config show", "--help", "list --help", "--version", "nosuch"])
def test_a_stdout_that_was_closed_before_is_no_defect(arguments: str, project: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m orchestra_cli {arguments} >&-'],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == (2 if arguments == "nosuch" else 0)
    assert "internal" not in done.stderr
    assert "Traceback" not in done.stderr


def test_an_interrupt_while_modules_load_is_as_short(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(entry_point, "_command", interrupted)
    assert entry_point.main(["scan"]) == 130
    assert capsys.readouterr() == ("", "interrupted\n")


def test_completion_offers_no_name_that_would_break_its_line(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orchestra_cli import completion

    names = ("good", "bad\nname", "worse\x1b[2J")
    monkeypatch.setattr(completion, "_registered", lambda: [{"name": n, "operations": []} for n in names])
    assert completion.complete("bash", ["run", ""]) == "good\n"


def test_a_terminal_gets_names_without_what_it_would_obey(project: Path) -> None:
    name = "\x1b[2J\x1b]0;title\x07\x9b31m\rok\u202e"
    done = at_a_terminal(name, cwd=project, answers=(), prompts=())
    assert done.err.startswith("error[unknown-command]: `orchestra` has no command ")
    assert "\\x1b[2J\\x1b]0;title\\x07\\x9b31m\\x0dok\\u202e" in done.err
    assert not {"\x1b", "\x07", "\x9b", "\r", "\u202e"} & set(done.err)


def test_colours_breaks_and_tabs_stay_what_they_are() -> None:
    style = Style(is_coloured=True)
    for paint in (style.bold, style.dim, style.red, style.green, style.yellow, style.cyan):
        assert shown(f"{paint('a name')}\n\tü\U0001f680") == f"{paint('a name')}\n\tü\U0001f680"
    assert shown("\x1b[5mblink\x1b[0m") == "\\x1b[5mblink\x1b[0m"


def test_a_file_gets_every_character(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.orchestra]\nowner = "a\\u001bb"\n')
    assert "a\x1bb" in in_own_process("config", "show", cwd=project).out


def test_output_that_a_terminal_cannot_show_is_escaped(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.orchestra]\nowner = "Jürgen ✨"\n', encoding="utf-8")
    done = in_own_process("config", "show", cwd=project, env={"PYTHONIOENCODING": "ascii"})
    assert done.code == 0
    assert "J\\xfcrgen \\u2728" in done.out


def test_an_interrupt_is_exit_code_130_and_short(
    orchestra: Orchestra, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("orchestra_cli.codes.all_codes", interrupted)
    done = orchestra("explain", "anything")
    assert (done.code, done.out, done.err) == (130, "", "interrupted\n")


def test_an_interrupt_while_files_are_written_says_what_is_left(
    orchestra: Orchestra, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orchestra_codemods.apply import Interrupted

    def interrupted(*_: object, **__: object) -> None:
        raise Interrupted("20260101-000000-abcd")

    monkeypatch.setattr("orchestra_codemods.apply.apply", interrupted)
    done = orchestra("init")
    assert done.code == 130
    assert "run 20260101-000000-abcd is unfinished" in done.err


def test_progress_is_shown_after_a_second_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown: list[str] = []

    def after_a_second(what: str) -> Any:
        from contextlib import nullcontext

        shown.append(what)
        return nullcontext()

    monkeypatch.setattr("orchestra_cli.progress.after_a_second", after_a_second)
    with Session().progress("Scanning"):
        pass
    assert shown == []
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for session in (Session(), Session(is_quiet=True)):
        with session.progress("Scanning"):
            pass
    assert shown == ["Scanning"]


def test_a_real_terminal_gets_a_bar_that_leaves_nothing_behind() -> None:
    code = (
        "import orchestra_cli.progress as p, threading\n"
        "p.DELAY = 0.0\n"
        "from rich.progress import Progress\n"
        "seen = threading.Event()\n"
        "real = Progress.add_task\n"
        "def add(self, *a, **k):\n    seen.set()\n    return real(self, *a, **k)\n"
        "Progress.add_task = add\n"
        "with p.after_a_second('Scanning'):\n    assert seen.wait(30)\n"
    )
    parent, child = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", code],
        stderr=child,
        stdout=subprocess.PIPE,
        env={**os.environ, "TERM": "xterm"},
        check=False,
    )
    os.close(child)
    assert done.returncode == 0
    assert done.stdout == b""
    assert b"Scanning" in os.read(parent, 65536)
    os.close(parent)


@pytest.mark.parametrize("shell", ["bash"])
def test_completion_works_in_a_real_shell(
    orchestra: Orchestra, project: Path, shell: str, tmp_path: Path
) -> None:
    orchestra("init")
    write_orchestrators(project)
    orchestra("list")
    binary = tmp_path / "bin" / "orchestra"
    binary.parent.mkdir()
    binary.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m orchestra_cli "$@"\n')
    binary.chmod(0o755)

    def candidates(*words: str) -> list[str]:
        script = f'eval "$(orchestra completion {shell})"; '
        ask = '_orchestra; printf "%s\\n" "${COMPREPLY[@]}"'
        quoted = " ".join(f"'{word}'" for word in ("orchestra", *words))
        done = subprocess.run(
            [shell, "-c", f"{script}COMP_WORDS=({quoted}); COMP_CWORD={len(words)}; {ask}"],
            cwd=project,
            env={**os.environ, "PATH": f"{binary.parent}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        return done.stdout.split()

    assert candidates("un") == ["undo"]
    assert candidates("config", "s") == ["show"]
    assert candidates("list", "--la") == ["--layer"]
    assert candidates("list", "--layer", "d") == ["domain"]
    assert candidates("run", "g") == ["greeting"]
    assert candidates("run", "greeting", "--operation", "g") == ["greet"]
    assert candidates("run", "patrol", "--operation", "c") == ["context", "count"]
    assert candidates("run", "greeting", "--tenant", "g") == []
    assert candidates("--ro") == ["--root"]
    assert candidates("--root", "x") == []
    assert candidates("--root", "x", "his") == ["history"]
    assert "config-not-found" in candidates("explain", "config-")
    assert candidates("scan", "") == []


@pytest.mark.parametrize(("shell", "line"), [("zsh", "undo:Take back"), ("fish", "undo\tTake back")])
def test_other_shells_get_explanations(
    orchestra: Orchestra, monkeypatch: pytest.MonkeyPatch, shell: str, line: str
) -> None:
    assert "_ORCHESTRA_COMPLETE" in orchestra("completion", shell).out
    monkeypatch.setenv("_ORCHESTRA_COMPLETE", shell)
    assert orchestra("und").out.startswith(line)


def test_every_code_can_be_explained(orchestra: Orchestra) -> None:
    from orchestra_cli.codes import all_codes

    codes = all_codes()
    assert {"config-not-found", "internal", "read-only-directory", "orchestrator-not-found"} <= codes.keys()
    for code in codes.values():
        assert code.code.replace("-", "").isalnum(), code
        assert code.summary.rstrip(".") != "", code
    for refused in ("refused[migrate:metrics]", "migrate:metrics", "new", "init", "deprecate"):
        assert orchestra("explain", refused).code == 0
    shown = orchestra("explain", "error[read-only-directory]")
    assert shown.code == 0
    assert "not writable" in shown.out
