"""`orchestra run`: the project's code in its own process, its result on stdout, each end with its code."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestra_cli import user_code
from tests.cli.conftest import Orchestra
from tests.support.orchestrated import write_orchestrators


@pytest.fixture
def wired(orchestra: Orchestra, project: Path) -> Path:
    assert orchestra("init").code == 0
    write_orchestrators(project)
    return project


Result = Callable[..., Any]


@pytest.fixture
def result(orchestra: Orchestra, wired: Path) -> Result:
    def run(*arguments: str) -> Any:
        done = orchestra("run", *arguments, "--output-format", "json")
        found = json.loads(done.out)
        assert done.code == (0 if found["success"] else 4)
        return found

    return run


def test_the_parent_and_the_child_speak_one_protocol() -> None:
    from orchestra import child

    assert user_code.PROTOCOL == child.PROTOCOL


def test_a_result_is_printed_and_what_the_project_prints_stays_out_of_it(
    orchestra: Orchestra, wired: Path
) -> None:
    done = orchestra("run", "greeting", "--operation", "greet", "-p", "who=Ada", "-p", "times=2")
    assert done.code == 0
    first, *rest = done.out.splitlines()
    assert first.startswith("ok greeting.greet  ")
    assert json.loads("\n".join(rest))["result"] == {
        "text": "hello Adahello Ada",
        "tone": "friendly",
        "loud": False,
    }
    assert "said by user code" in done.err


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (("-p", "who=5"), {"text": "hello 5", "tone": "friendly", "loud": False}),
        (("-p", "who=true", "-p", "loud=true"), {"text": "hello true", "tone": "friendly", "loud": True}),
        (("-p", "who=a=b", "-p", "loud=x y"), {"text": "hello a=b", "tone": "friendly", "loud": "x y"}),
        (("-p", "who=x", "-p", "tone=curt"), {"text": "hello x", "tone": "curt", "loud": False}),
        (("-p", "who=x", "-p", "tone=CURT"), {"text": "hello x", "tone": "curt", "loud": False}),
        (
            ("--params", '{"who": "J", "times": 2}'),
            {"text": "hello Jhello J", "tone": "friendly", "loud": False},
        ),
        (("--params", '{"who": "J"}', "-p", "who=P"), {"text": "hello P", "tone": "friendly", "loud": False}),
    ],
)
def test_values_are_read_as_the_annotations_say(
    result: Result, typed: tuple[str, ...], value: object
) -> None:
    assert result("greeting", "--operation", "greet", *typed)["data"] == {"result": value}


def test_parameters_come_from_a_file_or_from_stdin(
    result: Result,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "params.json").write_text('{"who": "file"}')
    greet = ("greeting", "--operation", "greet", "--params")
    assert result(*greet, f"@{tmp_path / 'params.json'}")["data"]["result"]["text"] == "hello file"
    with (tmp_path / "params.json").open() as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        assert result(*greet, "-")["data"]["result"]["text"] == "hello file"


def test_a_value_of_another_type_is_an_error_before_anything_runs(orchestra: Orchestra, wired: Path) -> None:
    for typed in ("times=many", "tone=rude"):
        done = orchestra("run", "greeting", "--operation", "greet", "-p", "who=x", "-p", typed)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("error[wrong-parameters]: ")
        assert "said by user code" not in done.err


def test_the_context_is_what_was_asked_for(result: Result) -> None:
    found = result(
        *("greeting", "--operation", "context", "--tenant", "acme", "--request-id", "r-1"),
        *("--metadata", "source=shell", "--metadata", "n=1", "--idempotency-key", "k"),
    )
    assert found["data"] == {"result": ["acme", "r-1", {"source": "shell", "n": "1"}, "k"]}
    assert found["request_id"] == "r-1"
    assert result("greeting", "--operation", "context")["data"]["result"][0] == "cli"


def test_a_failed_result_is_exit_code_4_and_printed(
    orchestra: Orchestra, wired: Path, result: Result
) -> None:
    found = result("greeting", "--operation", "fail")
    assert (found["success"], found["error"], found["error_category"]) == (
        False,
        "the line is dead",
        "network",
    )
    done = orchestra("run", "greeting", "--operation", "fail", "--debug")
    assert done.code == 4
    assert "the line is dead (network)" in done.out
    assert 'raise ConnectionError("the line is dead")' in done.err


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        (("--operation", "gret"), "operation-not-found", "Did you mean 'greet'?"),
        ((), "operation-not-found", "none was named"),
        (("--operation", "greet"), "wrong-parameters", "missing 'who'"),
        (("--operation", "greet", "-p", "whom=x"), "wrong-parameters", "Did you mean 'who'?"),
        (("--operation", "greet", "-p", "who=x", "-p", "tims=2"), "wrong-parameters", "unexpected 'tims'"),
        (
            ("--operation", "greet", "--params", '{"who": 5}'),
            "wrong-parameters",
            "'who' is 5, which is not a text",
        ),
        (("--operation", "greet", "-p", "who=x", "-p", "who=y"), "malformed-parameter", "given twice"),
    ],
)
def test_what_is_wrong_before_anything_runs_is_wrong_usage(
    orchestra: Orchestra, wired: Path, typed: tuple[str, ...], code: str, said: str
) -> None:
    done = orchestra("run", "greeting", *typed, "--output-format", "json")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"error[{code}]: ")
    assert said in done.err


@pytest.mark.parametrize(
    ("name", "hint"), [("greting", "Did you mean `greeting`?"), ("xyz", "Registered are greeting, patrol.")]
)
def test_an_unknown_orchestrator_is_an_error_that_names_the_nearest(
    orchestra: Orchestra, wired: Path, name: str, hint: str
) -> None:
    done = orchestra("run", name)
    assert (done.code, done.out) == (2, "")
    assert done.err == f"error[unknown-orchestrator]: no orchestrator `{name}` is registered.\nhint: {hint}\n"


def test_before_init_it_says_what_list_says(orchestra: Orchestra, project: Path) -> None:
    done = orchestra("run", "greeting")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error[no-orchestrator-package]: ")
    assert done.err == orchestra("list").err


def test_nothing_registered_names_the_commands_that_register(orchestra: Orchestra, project: Path) -> None:
    orchestra("init")
    done = orchestra("run", "greeting")
    assert done.err.startswith("error[unknown-orchestrator]: ")
    assert "`orchestra migrate`" in done.err
    assert "`orchestra new`" in done.err


def test_what_takes_too_long_is_cancelled_and_cleaned_up(
    orchestra: Orchestra, wired: Path, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    wait = ("run", "greeting", "--operation", "wait", "-p", "seconds=60", "-p", f"marker={marker}")
    done = orchestra(*wait, "--timeout", "5")
    assert (done.code, done.out) == (124, "")
    assert "\nerror[timeout]: " in done.err
    assert [path.name for path in tmp_path.glob("marker*")] == ["marker.cleaned"]


def test_what_blocks_its_loop_is_killed(
    orchestra: Orchestra, wired: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(user_code, "BLOCKED", 0.1)
    started = time.monotonic()
    done = orchestra("run", "greeting", "--operation", "block", "-p", "seconds=60", "--timeout", "0.5")
    assert done.code == 124
    assert time.monotonic() - started < 30


def test_code_that_ends_the_process_is_an_error(orchestra: Orchestra, wired: Path) -> None:
    done = orchestra("run", "greeting", "--operation", "leave")
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith("error[project-code-ended]: ")
    assert "exit code 3" in done.err


def test_code_that_does_not_import_is_an_error_with_its_traceback_when_asked(
    orchestra: Orchestra, wired: Path
) -> None:
    (wired / "orchestrators" / "domain" / "greeting.py").write_text("import nothing_of_that_name\n")
    done = orchestra("run", "greeting")
    assert done.code == 4
    assert done.err.startswith("error[project-code-failed]: ModuleNotFoundError: ")
    assert "Traceback" in orchestra("run", "greeting", "--debug").err
    (wired / "orchestrators" / "facade.py").write_text("import nothing_of_that_name\n")
    done = orchestra("run", "greeting")
    assert (done.code, done.err.partition(":")[0]) == (2, "error[wiring]")


@pytest.mark.parametrize("verb", [("run", "greeting"), ("list", "--live")])
def test_an_interpreter_without_the_framework_is_an_error_with_the_exact_command(
    orchestra: Orchestra, wired: Path, tmp_path: Path, verb: tuple[str, ...]
) -> None:
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", bare], check=True)
    settings = wired / "pyproject.toml"
    settings.write_text(settings.read_text() + f'python = "{bare}/bin/python"\n')
    done = orchestra(*verb)
    assert done.code == 2
    assert done.err.startswith("error[runtime-not-installed]: ")
    assert f"hint: {bare}/bin/python -m pip install 'orchestra-framework==" in done.err


def test_another_protocol_is_an_error(
    orchestra: Orchestra, wired: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(user_code, "PROTOCOL", 999)
    done = orchestra("run", "greeting")
    assert done.code == 2
    assert "it speaks another protocol" in done.err


def test_an_interpreter_that_does_not_exist_is_an_error(
    orchestra: Orchestra, wired: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for python in ("no-such-python", "bin/python", "/no/such/python"):
        monkeypatch.setenv("ORCHESTRA_PYTHON", python)
        done = orchestra("run", "greeting")
        assert done.code == 2
        assert done.err.startswith(
            f"error[interpreter-not-found]: the interpreter {python}, from environment"
        )


def test_an_interpreter_that_is_no_program_is_an_error(orchestra: Orchestra, wired: Path) -> None:
    python = wired / "python"
    python.write_bytes(b"\x00\x01 no program")
    python.chmod(0o755)
    settings = wired / "pyproject.toml"
    settings.write_text(settings.read_text() + f'python = "{python}"\n')
    done = orchestra("run", "greeting")
    assert done.code == 2
    assert done.err.startswith(f"error[interpreter-not-found]: the interpreter {python} cannot be run: ")


def test_the_path_is_that_of_the_program_and_our_own_packages_are_not_imported(
    orchestra: Orchestra, project: Path
) -> None:
    (project / "src").mkdir()
    assert orchestra("init").code == 0
    (project / "rich.py").write_text("WHOSE = 'the root'\n")
    (project / "src" / "rich.py").write_text("WHOSE = 'src'\n")
    wiring = project / "src" / "orchestrators" / "orchestrators.py"
    wiring.write_text(
        wiring.read_text()
        + '    facade.register_factory("look", _look)\n\n\n'
        + "def _look() -> object:\n"
        + "    import json, sys\n    import rich\n"
        + "    ours = [n for n in sys.modules if n.startswith(('orchestra_', 'typer', 'libcst'))]\n"
        + "    raise LookupError(json.dumps([rich.WHOSE, sys.path[:2], ours, sys.argv]))\n"
    )
    done = orchestra("run", "look")
    found = json.loads(done.err.partition("LookupError: ")[2].partition("; in the factory of")[0])
    assert found == ["src", [str(project / "src"), str(project)], [], ["-c"]]


@pytest.fixture
def waiting(wired: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A command whose orchestrator waits, in a session of its own; it has come so far that it waits."""
    marker = tmp_path / "marker"
    os.mkfifo(marker)
    typed = ["greeting", "--operation", "wait", "-p", "seconds=60", "-p", f"marker={marker}"]
    process = subprocess.Popen(
        [sys.executable, "-m", "orchestra_cli", "run", *typed],
        cwd=wired,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # `make test &` ignores SIGINT, which a child inherits.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - one thread
    )
    descriptor = os.open(marker, os.O_RDONLY | os.O_NONBLOCK)
    select.select([descriptor], [], [], 60)
    os.close(descriptor)
    yield process
    process.kill()
    process.communicate()


def test_an_interrupt_cleans_up_and_is_exit_code_130(
    waiting: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    os.killpg(waiting.pid, signal.SIGINT)
    out, err = waiting.communicate(timeout=60)
    assert (waiting.returncode, out) == (130, b"")
    assert b"Traceback" not in err
    assert (tmp_path / "marker.cleaned").exists()


def test_a_termination_reaches_the_project(waiting: subprocess.Popen[bytes], tmp_path: Path) -> None:
    waiting.terminate()
    waiting.communicate(timeout=60)
    assert waiting.returncode == 130
    assert (tmp_path / "marker.cleaned").exists()
