"""`orchestra run` where the project's code hangs, crashes, floods or soils: an answer each time."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Orchestra
from tests.cli.test_output import check
from tests.support.commands import in_own_process

FLOODS = """\
import asyncio
import os
import signal
from pathlib import Path

from orchestrators import BaseOrchestrator, OrchestrationLayer, operation


class FloodsOrchestrator(BaseOrchestrator):
    def __init__(self):
        super().__init__(layer=OrchestrationLayer.DOMAIN, name="floods")

    @operation
    async def endless(self, marker: str):
        try:
            while True:
                yield "again"
                await asyncio.sleep(0)
        finally:
            Path(marker).touch()

    @operation
    async def much(self):
        return "y" * 5_000_000

    @operation
    async def bytes_that_are_no_text(self):
        os.write(1, bytes(range(256)))
        return {"path": os.fsdecode(b"caf\\xe9"), "raw": bytes(range(256))}

    @operation
    async def crash(self):
        os.kill(os.getpid(), signal.SIGKILL)

    @operation
    async def close_everything(self):
        os.closerange(3, 200)

    @operation
    async def cancel_itself(self):
        asyncio.current_task().cancel()
        await asyncio.sleep(1)

    @operation
    async def raise_what_is_no_exception(self):
        raise GeneratorExit("odd")
"""


@pytest.fixture
def floods(orchestra: Orchestra, project: Path) -> Path:
    assert orchestra("init").code == 0
    settings = project / "pyproject.toml"
    lines = settings.read_text().splitlines(keepends=True)
    settings.write_text("".join(line for line in lines if not line.startswith("app = ")))
    (project / "orchestrators" / "domain" / "floods.py").write_text(FLOODS)
    return project


@pytest.mark.parametrize("signals", [[signal.SIGINT], [signal.SIGINT] * 2, [signal.SIGTERM]], ids=str)
def test_an_import_that_hangs_is_ended_by_a_signal_at_once(
    orchestra: Orchestra, project: Path, tmp_path: Path, signals: list[signal.Signals]
) -> None:
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    (project / "wiring.py").write_text(f"import time\nopen({str(begun)!r}, 'w').close()\ntime.sleep(600)\n")
    (project / "pyproject.toml").write_text('[tool.orchestra]\napp = "wiring:build"\n')
    process = subprocess.Popen(
        [sys.executable, "-m", "orchestra_cli", "run", "any"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # `make test &` ignores SIGINT, which a child inherits.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - one thread
    )
    descriptor = os.open(begun, os.O_RDONLY | os.O_NONBLOCK)
    select.select([descriptor], [], [], 60)
    os.close(descriptor)
    started = time.monotonic()
    for one in signals:
        os.kill(process.pid, one) if one == signal.SIGTERM else os.killpg(process.pid, one)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b"")
    assert b"Traceback" not in err
    assert time.monotonic() - started < 8, "it was waited for until it was killed"


def test_a_reader_that_goes_away_ends_an_endless_stream(floods: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    stream = ["floods", "--operation", "endless", "-p", f"marker={closed}"]
    with subprocess.Popen(
        [sys.executable, "-m", "orchestra_cli", "run", *stream],
        cwd=floods,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"again\n"
        process.stdout.close()
        assert process.wait(60) == 0
        assert process.stderr.read() == b""
    assert closed.exists(), "the stream was not closed"


def test_much_data_comes_whole(orchestra: Orchestra, floods: Path) -> None:
    done = orchestra("run", "floods", "--operation", "much", "--output-format", "json")
    assert len(json.loads(done.out)["data"]["result"]) == 5_000_000


def test_bytes_that_are_no_text_leave_json_that_every_program_reads(floods: Path) -> None:
    words = ("run", "floods", "--operation", "bytes_that_are_no_text", "--output-format", "json")
    done = subprocess.run(
        [sys.executable, "-m", "orchestra_cli", *words],
        cwd=floods,
        env={**os.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"},
        capture_output=True,
        check=True,
    )
    document = check(json.loads(done.stdout.decode("utf-8")))
    assert document["data"]["result"]["path"] == os.fsdecode(b"caf\xe9")
    assert bytes(range(256)) in done.stderr


def test_code_that_a_signal_kills_is_an_error_that_names_it(orchestra: Orchestra, floods: Path) -> None:
    done = orchestra("run", "floods", "--operation", "crash")
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith("error[project-code-ended]: ")
    assert "signal SIGKILL" in done.err


def test_what_is_raised_and_no_exception_is_an_error_without_a_traceback(
    orchestra: Orchestra, floods: Path
) -> None:
    done = orchestra("run", "floods", "--operation", "raise_what_is_no_exception")
    assert (done.code, done.out) == (4, "")
    assert "GeneratorExit: odd" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ("close_everything", "error[project-code-ended]: the project's code ended the process (exit code 0)"),
        (
            "cancel_itself",
            "error[project-code-failed]: CancelledError: the project's code cancelled the call",
        ),
    ],
)
def test_code_that_takes_the_ground_from_under_the_call_is_an_error_without_a_traceback(
    orchestra: Orchestra, floods: Path, operation: str, said: str
) -> None:
    done = orchestra("run", "floods", "--operation", operation)
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith(said)
    assert "Traceback" not in done.err


def test_a_package_of_the_projects_that_hides_the_framework_is_named(
    orchestra: Orchestra, floods: Path
) -> None:
    (floods / "orchestra").mkdir()
    (floods / "orchestra" / "__init__.py").touch()
    done = orchestra("run", "floods", "--operation", "much")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error[runtime-not-installed]: ")
    assert str(floods / "orchestra") in done.err
    assert "hint: Rename that package" in done.err


def test_a_composition_root_that_leaves_a_class_out_says_which_factory_is_missing(
    orchestra: Orchestra, floods: Path
) -> None:
    (floods / "wiring.py").write_text(
        "from orchestra import OrchestrationFacade\n\n\n"
        "async def build():\n    return OrchestrationFacade()\n"
    )
    with (floods / "pyproject.toml").open("a") as settings:
        settings.write('app = "wiring:build"\n')
    for words in ((), ("--explain",)):
        done = orchestra("run", "floods", *words)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("error[unknown-orchestrator]: no orchestrator `floods` is registered: ")
        assert "FloodsOrchestrator in orchestrators/domain/floods.py" in done.err
        assert 'hint: Add facade.register_factory("floods", …) to wiring:build.' in done.err
    assert 'register_factory("floods", …) to wiring:build' in orchestra("doctor").out


def test_an_asynchronous_composition_root_is_awaited(orchestra: Orchestra, floods: Path) -> None:
    (floods / "wiring.py").write_text(
        "import asyncio\nfrom orchestra import OrchestrationFacade\n\n\n"
        "async def build():\n"
        "    from orchestrators.domain.floods import FloodsOrchestrator\n\n"
        "    await asyncio.sleep(0)\n"
        "    facade = OrchestrationFacade()\n"
        "    facade.register(FloodsOrchestrator())\n"
        "    return facade\n"
    )
    with (floods / "pyproject.toml").open("a") as settings:
        settings.write('app = "wiring:build"\n')
    assert orchestra("run", "floods", "--operation", "much", "--output-format", "json").code == 0


def test_a_module_that_cannot_be_imported_is_why_its_class_is_missing(
    orchestra: Orchestra, floods: Path
) -> None:
    module = floods / "orchestrators" / "domain" / "floods.py"
    module.write_text(f"import nothing_of_that_name\n{FLOODS}")
    done = orchestra("run", "floods")
    assert done.code == 2
    assert "floods.py could not be imported: ModuleNotFoundError: " in done.err
    assert "hint: Mend that first: python -c 'import orchestrators.domain.floods'" in done.err
    assert done.err.count("nothing_of_that_name") == 1


def test_the_operations_stand_below_the_help_wherever_the_options_are(floods: Path, tmp_path: Path) -> None:
    for words in (
        ("--root", str(floods), "run", "floods", "--help"),
        ("run", "--help", "--root", str(floods), "floods"),
    ):
        done = in_own_process(*words, cwd=tmp_path)
        assert (done.code, done.err) == (0, "")
        assert done.out.startswith("Usage: orchestra run")
        assert "endless  (a stream)" in done.out
    page = in_own_process("run", "--help", cwd=tmp_path).out
    assert in_own_process("run", "--root", str(floods), "--help", cwd=tmp_path).out == page
