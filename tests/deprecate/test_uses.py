"""Who uses deprecated modules when the program and its tests run: collected, counted, in the way of going."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from orchestra.notices import VARIABLE, record_use
from tests.deprecate.conftest import Orchestra, said
from tests.deprecate.test_deprecate import MARK, records
from tests.support.commands import committed

TESTS = """\
import pytest

import main


@pytest.mark.parametrize("number", range(6))
def test_price(number):
    from shop.old import price

    assert price() == 1
"""


def run(project: Path, *arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project / "src"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def uses(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def counted(orchestra: Orchestra, *files: Path) -> tuple[dict[str, int], str | None]:
    options = [word for file in files for word in ("--warnings", str(file))]
    answer = said(orchestra("deprecate", "users", "shop.old", *options, "--output-format", "json"))
    return answer["modules"][0]["warnings"], answer["modules"][0]["last_warned"]


def test_a_program_writes_each_line_that_uses_an_old_module_once_a_process(
    orchestra: Orchestra, project: Path, tmp_path: Path
) -> None:
    orchestra(*MARK)
    orchestra("deprecate", "mark", "shop.lonely", "--owner", "core", "--remove-on", "2027-02-20")
    (project / "src/main.py").write_text(
        "from shop.old import price\n\nimport shop.lonely\nimport shop.old\n\n"
        "for _ in range(9):\n    print(shop.old.price())\n"
    )
    file = tmp_path / "uses.jsonl"
    for _ in range(2):
        run(project, "src/main.py", **{VARIABLE: str(file)})
    found = Counter((one["module"], one["line"]) for one in uses(file))
    assert found == {("shop.old", 1): 2, ("shop.lonely", 3): 2, ("shop.old", 7): 2}
    warnings, last = counted(orchestra, file, file)
    assert warnings == {"src/main.py:1": 4, "src/main.py:7": 4}
    assert last == uses(file)[0]["day"]


def test_warnings_that_are_errors_are_written_too(
    project: Path, orchestra: Orchestra, tmp_path: Path
) -> None:
    orchestra(*MARK)
    file = tmp_path / "uses.jsonl"
    text = "try:\n    import shop.old\nexcept DeprecationWarning:\n    print('refused')\n"
    assert run(project, "-W", "error", "-c", text, **{VARIABLE: str(file)}) == "refused\n"
    assert [(one["module"], one["line"], one["path"]) for one in uses(file)] == [("shop.old", 2, "<string>")]


def test_a_file_that_cannot_be_written_fails_no_program(project: Path, orchestra: Orchestra) -> None:
    orchestra(*MARK)
    for file in ("/no/such/folder/uses", str(project)):
        assert run(project, "src/main.py", **{VARIABLE: file}) == "1\n"


def write_many(number: int) -> None:
    for line in range(300):
        record_use(f"module_{number}", "x" * 200, line)


def test_many_processes_do_not_mix_their_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "uses.jsonl"
    monkeypatch.setenv(VARIABLE, str(file))
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=write_many, args=(number,)) for number in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert Counter(one["module"] for one in uses(file)) == {f"module_{number}": 300 for number in range(4)}


@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "2")])
def test_pytest_collects_with_an_option(
    orchestra: Orchestra, project: Path, tmp_path: Path, workers: tuple[str, ...]
) -> None:
    orchestra(*MARK)
    (project / "tests").mkdir()
    (project / "tests/test_price.py").write_text(TESTS)
    run(project, "-m", "pytest", "-q", "-p", "no:cacheprovider", *workers, "--deprecated-uses", "uses.jsonl")
    warnings, _ = counted(orchestra, project / "uses.jsonl")
    assert warnings.keys() == {"src/main.py:1", "tests/test_price.py:8"}
    assert sum(warnings.values()) == (4 if workers else 2)


def test_a_run_on_another_machine_is_put_down_to_the_projects_files(
    orchestra: Orchestra, project: Path, tmp_path: Path
) -> None:
    orchestra(*MARK)
    use = {"module": "src.shop.old", "path": "/srv/app/src/main.py", "line": 1, "day": "2027-01-02"}
    broken = '{"module": "shop.old", "path": \n{"module": 3}\nnoise\n'
    file = tmp_path / "uses.jsonl"
    file.write_text(f"{json.dumps(use)}\n{broken}{json.dumps({**use, 'day': '2027-01-01'})}\n")
    assert counted(orchestra, file) == ({"src/main.py:1": 2}, "2027-01-02")


def test_what_a_run_used_is_not_removed(orchestra: Orchestra, project: Path, tmp_path: Path) -> None:
    (project / "src/main.py").write_text("import importlib\n\nimportlib.import_module('shop.' + 'old')\n")
    orchestra(*MARK)
    file = tmp_path / "uses.jsonl"
    run(project, "src/main.py", **{VARIABLE: str(file)})
    refused = orchestra("deprecate", "remove", "shop.old", "--warnings", str(file))
    assert refused.code == 1
    assert "src/main.py:3: a run used shop.old there" in refused.out
    assert (project / "src/shop/old.py").exists()
    assert orchestra("deprecate", "remove", "shop.old").code == 0


def test_a_file_of_warnings_that_is_not_there_is_an_error(orchestra: Orchestra) -> None:
    orchestra(*MARK)
    assert "error[invalid-value]" in orchestra("deprecate", "users", "--warnings", "missing.log").err


def test_strict_tests_go_on_passing_after_a_mark(orchestra: Orchestra, project: Path) -> None:
    settings = project / "pyproject.toml"
    settings.write_text(
        f"{settings.read_text()}\n[tool.pytest.ini_options]\npythonpath = ['src']\n"
        "asyncio_default_fixture_loop_scope = 'function'\nfilterwarnings = ['error']\n"
    )
    (project / "tests").mkdir()
    (project / "tests/test_price.py").write_text(TESTS)
    run(project, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert orchestra(*MARK).code == 0
    run(project, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    orchestra("deprecate", "mark", "shop.lonely")
    assert settings.read_text().count("MovedModuleWarning") == 1


def test_where_tests_are_strict_elsewhere_it_says_what_to_add(orchestra: Orchestra, project: Path) -> None:
    (project / "pytest.ini").write_text("[pytest]\nfilterwarnings =\n    error\n")
    committed(project)
    refused = orchestra(*MARK)
    assert refused.code == 1
    assert "add `default::orchestra.moved.MovedModuleWarning` to its filterwarnings" in refused.out
    assert not (project / "deprecations.toml").exists()


def test_a_migration_records_who_uses_the_old_module_after_it(orchestra: Orchestra, project: Path) -> None:
    (project / "src/shop/mail_orchestrator.py").write_text(
        "class MailOrchestrator:\n    async def send(self) -> int:\n        return 1\n"
    )
    (project / "src/sends.py").write_text("from shop.mail_orchestrator import MailOrchestrator\n")
    (project / "src/loads.py").write_text("import os\n\nNAME = 'shop.mail_orchestrator'\nprint(os, NAME)\n")
    orchestra("init")
    done = orchestra("migrate", "mail", "--owner", "core")
    assert done.code in (0, 1), done.err
    (record,) = records(project)
    assert record["name"] == "shop.mail_orchestrator"
    assert record["users"] == ["src/loads.py"]
    (project / "src/late.py").write_text("import shop.mail_orchestrator\n")
    checked = said(orchestra("deprecate", "check", "--today", "2026-01-01", "--output-format", "json"))
    assert [(one["code"], one["path"]) for one in checked["findings"]] == [("new-user", "src/late.py")]
