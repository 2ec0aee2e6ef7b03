"""The commands around the engine: what may be asked for, what is shown, and that nothing else is touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Orchestra
from tests.support.commands import committed, git
from tests.support.snapshots import snapshot

NIGHT = '''\
"""Night work."""


class NightShiftOrchestrator:
    """Runs the nightly workflow."""

    async def run_workflow(self, day: str) -> str:
        return f"done: {day}"
'''
CALLER = """\
from night import NightShiftOrchestrator


async def main() -> str:
    return await NightShiftOrchestrator().run_workflow("monday")
"""
PROTOCOL = """\
from typing import Protocol


class AnyOrchestrator(Protocol):
    async def run(self) -> None: ...
"""


@pytest.fixture
def legacy(orchestra: Orchestra, project: Path) -> Path:
    (project / "night.py").write_text(NIGHT)
    (project / "app").mkdir()
    (project / "app" / "caller.py").write_text(CALLER)
    (project / "app" / "protocols.py").write_text(PROTOCOL)
    assert orchestra("init").code == 0
    return committed(project)


def test_scan_shows_what_can_be_migrated_and_what_is_refused_and_why(
    orchestra: Orchestra, legacy: Path
) -> None:
    before = snapshot(legacy)
    done = orchestra("scan")
    assert done.code == 0
    heading, row, refused, remedy, total = done.out.splitlines()
    assert heading.split()[:3] == ["NAME", "LAYER", "TYPE"]
    assert row.split()[:2] == ["night_shift", "domain"]
    assert row.endswith("night.py:4-8")
    assert refused.startswith("refused AnyOrchestrator app/protocols.py:4: ")
    assert remedy.startswith("  ")
    assert total.startswith("1 legacy orchestrator with ")
    assert "Next: `orchestra migrate NAME --diff`" in done.err
    assert snapshot(legacy) == before


def test_scan_says_why_when_asked(orchestra: Orchestra, legacy: Path) -> None:
    assert "app/caller.py:1 import" in orchestra("scan", "-v").out
    assert "app/caller.py:1 import" not in orchestra("scan").out


def test_scan_of_some_paths_shows_only_what_lies_there(orchestra: Orchestra, legacy: Path) -> None:
    def names(*paths: str, cwd: Path | None = None) -> list[str]:
        found = json.loads(orchestra("scan", *paths, "--output-format", "json", cwd=cwd).out)
        return [each["name"] for each in found["orchestrators"]]

    assert set(names()) == {"night_shift", "any"}
    assert names("night.py") == ["night_shift"]
    assert names("app") == ["any"]
    assert names("protocols.py", cwd=legacy / "app") == ["any"]
    assert set(names(".")) == {"night_shift", "any"}


@pytest.mark.parametrize(
    ("path", "code"), [("missing", "invalid-value"), ("..", "outside-root"), ("link", "outside-root")]
)
def test_scan_of_a_path_that_is_not_in_the_project_is_an_error(
    orchestra: Orchestra, legacy: Path, path: str, code: str
) -> None:
    (legacy / "link").symlink_to(legacy.parent)
    done = orchestra("scan", path)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"error[{code}]: ")


def test_scan_names_a_file_that_does_not_parse_and_goes_on(orchestra: Orchestra, legacy: Path) -> None:
    (legacy / "broken.py").write_text("class BrokenOrchestrator(:\n")
    done = orchestra("scan")
    assert done.code == 1
    assert "night_shift" in done.out
    assert "warning: broken.py: " in done.err


@pytest.mark.parametrize("command", [("scan",), ("migrate", "--all")])
def test_a_project_without_python_is_an_error(
    orchestra: Orchestra, project: Path, command: tuple[str, ...]
) -> None:
    before = snapshot(project)
    done = orchestra(*command)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error[empty-project]: ")
    assert snapshot(project) == before


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), "missing-value", "`orchestra scan` shows the names."),
        (("night_shift", "--all"), "missing-value", "both names and --all"),
        (("nigth_shift",), "unknown-orchestrator", "Did you mean `night_shift`?"),
        (("night_shift", "xyz"), "unknown-orchestrator", "there is no legacy orchestrator `xyz`"),
        (("--all", "--remove-on", "soon"), "invalid-value", "2026-01-31"),
        (("--all", "--placement", "mvoe"), "invalid-value", "Did you mean `move`?"),
        (("--all", "--callers", "facades"), "invalid-value", "--callers"),
    ],
)
def test_migrate_asked_wrongly_is_an_error_and_changes_nothing(
    orchestra: Orchestra, legacy: Path, arguments: tuple[str, ...], code: str, said: str
) -> None:
    before = snapshot(legacy)
    done = orchestra("migrate", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"error[{code}]: ")
    assert said in done.err
    assert snapshot(legacy) == before


def test_migrate_without_a_package_says_what_to_run(orchestra: Orchestra, project: Path) -> None:
    (project / "night.py").write_text(NIGHT)
    done = orchestra("migrate", "night_shift")
    assert done.code == 2
    assert "orchestra init" in done.err


def test_migrate_once_twice_and_back(orchestra: Orchestra, legacy: Path) -> None:
    before = snapshot(legacy)
    for trying in ("--dry-run", "--diff", "--check"):
        assert orchestra("migrate", "night_shift", trying).code == (1 if trying == "--check" else 0)
        assert snapshot(legacy) == before
    done = orchestra("migrate", "night_shift", "--owner", "platform", "--remove-on", "2030-01-31")
    assert done.code == 0, done.out + done.err
    assert (
        "from orchestrators.domain.night_shift import NightShiftOrchestrator"
        in (legacy / "app/caller.py").read_text()
    )
    record = (legacy / "deprecations.toml").read_text()
    assert "platform" in record
    assert "2030-01-31" in record
    migrated = snapshot(legacy)
    again = orchestra("migrate", "night_shift")
    assert (again.code, again.out) == (0, "nothing to change\n")
    assert "migrated already" in again.err
    assert orchestra("migrate", "--all", "--check").out.splitlines()[-1] == "nothing to change"
    assert snapshot(legacy) == migrated
    assert orchestra("run", "night_shift", "-p", "day=monday").code == 0
    assert orchestra("undo").code == 0
    assert snapshot(legacy, without=(".git", "__pycache__")) == before


@pytest.mark.parametrize(
    ("callers", "expected"),
    [
        ("facade", 'NightShiftOrchestrator().run_workflow("monday")'),
        (
            "facade-instances",
            """\
get_orchestration_facade().call(
        NightShiftOrchestrator(), "run_workflow", None, "monday"
    )""",
        ),
    ],
)
def test_migrate_sends_proven_calls_through_the_facade_when_asked(
    orchestra: Orchestra, legacy: Path, callers: str, expected: str
) -> None:
    before = snapshot(legacy)
    done = orchestra("migrate", "night_shift", "--callers", callers, "--output-format", "json")
    assert f"return await {expected}\n" in (legacy / "app/caller.py").read_text()
    refused = [one["why"].partition(":")[0] for one in json.loads(done.out)["refusals"]]
    assert (done.code, refused) == ((1, ["not-the-registered-instance"]) if callers == "facade" else (0, []))
    assert orchestra("undo").code == 0
    assert snapshot(legacy, without=(".git", "__pycache__")) == before


def test_migrate_leaves_uncommitted_work_alone(orchestra: Orchestra, legacy: Path) -> None:
    (legacy / "app" / "caller.py").write_text(CALLER + "# mine\n")
    before = snapshot(legacy)
    done = orchestra("migrate", "night_shift")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error[uncommitted-changes]: app/caller.py has uncommitted changes")
    assert snapshot(legacy) == before
    git(legacy, "commit", "--quiet", "--all", "--message", "mine")
    assert orchestra("migrate", "night_shift").code == 0


def test_migrate_all_reports_what_it_refuses(orchestra: Orchestra, legacy: Path) -> None:
    done = orchestra("migrate", "--all", "--output-format", "json")
    assert done.code == 1
    result = json.loads(done.out)
    assert [refusal["path"] for refusal in result["refusals"]] == ["app/protocols.py"]
    assert {change["path"] for change in result["changes"]} >= {"night.py", "app/caller.py"}


def test_migrate_says_what_a_person_has_to_write(orchestra: Orchestra, legacy: Path) -> None:
    source = NIGHT.replace(
        "    async def", "    def __init__(self, crew: object) -> None: ...\n\n    async def"
    )
    (legacy / "night.py").write_text(source)
    committed(legacy)
    planned = orchestra("migrate", "night_shift", "--dry-run", "--output-format", "json")
    (entry,) = json.loads(planned.out)["to_do"]
    assert entry["message"].startswith("write the factory `_night_shift`")
    assert entry["message"].endswith("needs crew")
    assert (
        f"to do {entry['path']}:{entry['line']}: {entry['message']}"
        in orchestra("migrate", "night_shift").out
    )
