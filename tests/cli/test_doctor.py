"""`orchestra doctor`: each thing that goes wrong is broken once, found, and comes with how to mend it."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from orchestra._version import __version__
from orchestra_cli.codes import all_codes
from orchestra_cli.examination.check import AREAS, all_checks
from orchestra_cli.scaffold.initialise import Wanted, plan_init
from orchestra_codemods.apply import RunState, apply, history
from orchestra_codemods.config import locate
from tests.cli.conftest import Orchestra
from tests.cli.test_output import check
from tests.support.faults import Dying, in_child
from tests.support.orchestrated import write_orchestrators

CHECKS = {one.name: one for one in all_checks()}
Found = dict[str, Any]


@pytest.fixture
def well(orchestra: Orchestra, project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with which nothing is wrong, and a shell that finds this very command."""
    home = Path(sys.executable).parent
    monkeypatch.setenv("PATH", os.pathsep.join((str(home), os.environ["PATH"])))
    assert (home / "orchestra").exists()
    assert orchestra("init").code == 0
    write_orchestrators(project)
    return project


@pytest.fixture
def found(orchestra: Orchestra) -> Callable[[], Found]:
    """Examine, and return what is wrong by the name of its check."""

    def examine() -> Found:
        done = orchestra("doctor", "--output-format", "json")
        document = check(json.loads(done.out))
        assert done.err == ""
        assert done.code == (0 if document["healthy"] else 1)
        return {one["name"]: one["complaints"] for one in document["checks"] if one["complaints"]}

    return examine


def setting(project: Path, text: str) -> None:
    """Add settings to those that `init` wrote, in place of those of the same name."""
    file = project / "pyproject.toml"
    names = {line.partition("=")[0].strip() for line in text.splitlines() if "=" in line}
    kept = [line for line in file.read_text().splitlines() if line.partition("=")[0].strip() not in names]
    file.write_text("\n".join((*kept, text)) + "\n")


def interpreter(project: Path, **said: Any) -> None:
    """Give the project an interpreter that says of itself what it is told to."""
    answer = {
        "version": [3, 12, 0],
        "prefix": "/elsewhere",
        "stdlib": [],
        "found": [],
        "orchestra": {"version": __version__, "protocol": 2, "file": "/elsewhere/orchestra/__init__.py"},
        **said,
    }
    script = project / "their-python"
    script.write_text(f"#!/bin/sh\necho '{json.dumps(answer)}'\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    setting(project, f'python = "{script}"')


def without_a_library(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = importlib.metadata.version

    def version(name: str) -> str:
        if name == "libcst":
            raise importlib.metadata.PackageNotFoundError(name)
        return known(name)

    monkeypatch.setattr("orchestra_cli.ailments.tool_incomplete.version", version)


def with_another_command(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = project / "other"
    other.mkdir()
    shutil.copy("/bin/sh", other / "orchestra")
    monkeypatch.setenv("PATH", os.pathsep.join((str(other), os.environ["PATH"])))


def with_a_file_for_a_cache(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "file").write_text("")
    monkeypatch.setenv("ORCHESTRA_CACHE_DIR", str(project / "file"))


def without_git(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))


def with_an_environment(project: Path, _: Any) -> None:
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "python").write_text("")


def with_a_script_that_fails(project: Path, _: Any) -> None:
    interpreter(project)
    (project / "their-python").write_text("#!/bin/sh\necho 'no module encodings' >&2\nexit 1\n")


def with_two_files(project: Path, _: Any) -> None:
    (project / "orchestra.toml").write_text('package = "orchestrators"\n')


def without_a_layer(project: Path, _: Any) -> None:
    (project / "orchestrators" / "application" / "__init__.py").unlink()


def with_a_twin(project: Path, _: Any) -> None:
    domain = project / "orchestrators" / "domain"
    shutil.copy(domain / "greeting.py", domain / "greeting_too.py")


def with_an_unregistered_class(project: Path, _: Any) -> None:
    domain = project / "orchestrators" / "domain"
    text = (domain / "greeting.py").read_text()
    (domain / "lonely.py").write_text(text.replace('"greeting"', '"lonely"').replace("Greeting", "Lonely"))


def with_a_factory_nobody_can_follow(project: Path, _: Any) -> None:
    wiring = project / "orchestrators" / "orchestrators.py"
    wiring.write_text(wiring.read_text().rstrip("\n") + '\n    facade.register_factory("odd", vars()["x"])\n')


def with_an_unfinished_change(project: Path, _: Any) -> None:
    """Kill `orchestra init`, which adds what is missing, at the first call that leaves a rest."""
    (project / "orchestrators" / "application" / "__init__.py").unlink()
    plan = plan_init(locate(project), Wanted())
    for number in range(1, 500):
        in_child(partial(apply, project, plan, command="orchestra init", system=Dying(number)))
        if any(run.state is RunState.UNFINISHED for run in history(project)):
            return
    raise AssertionError("no call left anything")


BROKEN: dict[str, tuple[Callable[[Path, pytest.MonkeyPatch], object], str]] = {
    "tool-incomplete": (without_a_library, "needs libcst"),
    "command-elsewhere": (with_another_command, "other/orchestra; this one is in"),
    "cache-not-writable": (with_a_file_for_a_cache, "cannot be written"),
    "git-missing": (without_git, "no `git` on PATH"),
    "interpreter-not-runnable": (lambda p, _: setting(p, 'python = "no-such-python"'), "no-such-python"),
    "interpreter-too-old": (lambda p, _: interpreter(p, version=[3, 9, 1]), "is Python 3.9.1"),
    "framework-missing": (lambda p, _: interpreter(p, orchestra=None, why="No module"), "No module"),
    "framework-of-another-version": (
        lambda p, _: interpreter(p, orchestra={"version": "0.0.1", "protocol": 1, "file": "x"}),
        "has orchestra 0.0.1 (protocol 1)",
    ),
    "environment-not-used": (with_an_environment, ".venv is not used"),
    "framework-hidden": (lambda p, _: (p / "structlog.py").write_text(""), "structlog.py hides"),
    "standard-library-hidden": (lambda p, _: (p / "types.py").write_text(""), "types.py hides Python's"),
    "no-project": (lambda p, _: (p / "pyproject.toml").unlink(), "no pyproject.toml"),
    "settings-broken": (lambda p, _: setting(p, 'pakage = "x"'), "pakage"),
    "settings-twice": (with_two_files, "is not read, because there is an orchestra.toml"),
    "variable-unknown": (lambda _, patch: patch.setenv("ORCHESTRA_COLOUR_SCHEME", "x"), "is no setting"),
    "folder-missing": (lambda p, _: setting(p, 'templates = ["nowhere"]'), "names nowhere"),
    "package-missing": (lambda p, _: setting(p, 'package = "elsewhere.here"'), "no package elsewhere.here"),
    "app-not-there": (lambda p, _: setting(p, 'app = "orchestrators.facade:biuld"'), "names biuld"),
    "factory-not-there": (
        lambda p, _: setting(p, '[tool.orchestra.factories]\nx = "no.such:thing"'),
        "the module no.such, which is neither here nor installed",
    ),
    "result-module-missing": (lambda p, _: setting(p, 'step-result = "theirs.result"'), "theirs.result"),
    "layer-missing": (without_a_layer, "the layer application of orchestrators"),
    "module-does-not-parse": (
        lambda p, _: (p / "orchestrators" / "domain" / "bad.py").write_text("def (:\n"),
        "bad.py, line 1 does not parse",
    ),
    "name-taken-twice": (with_a_twin, "are both named 'greeting'"),
    "class-not-registered": (with_an_unregistered_class, "nothing can call 'lonely'"),
    "wiring-unclear": (with_a_factory_nobody_can_follow, "`odd`"),
    "change-unfinished": (with_an_unfinished_change, "(`orchestra init`) was interrupted half-way"),
}


def test_a_project_that_is_well_has_nothing_to_mend(
    orchestra: Orchestra, well: Path, found: Callable[[], Found]
) -> None:
    assert found() == {}
    done = orchestra("doctor")
    assert done.code == 0
    assert done.out.splitlines()[-1] == f"{len(CHECKS)} checks: nothing is wrong"
    said = orchestra("doctor", "--verbose").out
    assert all(f"{name}: ok" in said for name in CHECKS)


@pytest.mark.parametrize("name", CHECKS)
def test_what_is_broken_is_found_and_comes_with_how_to_mend_it(
    well: Path, found: Callable[[], Found], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    breaks, said = BROKEN[name]
    breaks(well, monkeypatch)
    complaints = found()[name]
    assert said in complaints[0]["message"]
    assert complaints[0]["mend"]


def test_each_check_is_explained(orchestra: Orchestra, project: Path) -> None:
    codes = all_codes()
    for name, one in CHECKS.items():
        assert (codes[name].kind, codes[name].summary.rstrip(".")) == ("check", one.summary)
        assert one.area in AREAS
        assert len(codes[name].text.split("\n\n")) > 1, name
    assert orchestra("explain", "app-not-there").out.startswith("check[app-not-there]")


def test_people_read_what_is_wrong_and_how_to_mend_it(orchestra: Orchestra, well: Path) -> None:
    setting(well, 'app = "orchestrators.facade:biuld"')
    done = orchestra("doctor")
    assert done.code == 1
    assert "ok    project" in done.out
    assert "found configuration\n      app-not-there: `app` is orchestrators.facade:biuld" in done.out
    assert "        → Correct it; it is the function that builds the facade" in done.out
    assert done.out.splitlines()[-2] == f"{len(CHECKS)} checks: 1 thing to mend"


def test_the_settings_that_cannot_be_read_leave_out_what_rests_on_them(
    orchestra: Orchestra, well: Path, found: Callable[[], Found]
) -> None:
    setting(well, "python = 5")
    assert list(found()) == ["settings-broken"]
    assert "left out, because the settings cannot be read" in orchestra("doctor", "-v").out


def test_no_code_of_the_project_is_imported_and_nothing_is_written(orchestra: Orchestra, well: Path) -> None:
    for file in (well / "orchestrators").rglob("*.py"):
        file.write_text(f"open({str(well / 'imported')!r}, 'w')\n" + file.read_text())
    before = {path: path.read_bytes() for path in well.rglob("*") if path.is_file()}
    orchestra("doctor")
    assert {path: path.read_bytes() for path in well.rglob("*") if path.is_file()} == before
