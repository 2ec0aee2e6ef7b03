"""`orchestra list`: what the wiring registers, from source, from the cache, or by importing the project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Orchestra
from tests.support.commands import in_own_process
from tests.support.orchestrated import write_orchestrators

ROWS = [
    {
        "name": "greeting",
        "layer": "domain",
        "type": "business_logic",
        "module": "orchestrators.domain.greeting",
        "class": "GreetingOrchestrator",
        "path": "orchestrators/domain/greeting.py",
        "operations": ["block", "context", "fail", "greet", "leave", "wait"],
    },
    {
        "name": "patrol",
        "layer": "infrastructure",
        "type": "monitoring",
        "module": "orchestrators.infrastructure.patrol",
        "class": "PatrolOrchestrator",
        "path": "orchestrators/infrastructure/patrol.py",
        "operations": ["block", "context", "count", "fail", "greet", "leave", "wait"],
    },
]


def replaced(file: Path, old: str, new: str) -> None:
    file.write_text(file.read_text().replace(old, new))


@pytest.fixture
def wired(orchestra: Orchestra, project: Path) -> Path:
    assert orchestra("init").code == 0
    write_orchestrators(project)
    return project


def rows(orchestra: Orchestra, *options: str) -> list[dict[str, object]]:
    done = orchestra("list", "--output-format", "json", *options)
    assert (done.code, done.err) == (0, "")
    listed: list[dict[str, object]] = json.loads(done.out)["orchestrators"]
    return listed


def test_source_cache_and_import_say_the_same(orchestra: Orchestra, wired: Path) -> None:
    for options in (("--no-cache",), (), (), ("--live",)):
        assert rows(orchestra, *options) == ROWS


def test_from_source_nothing_is_imported(orchestra: Orchestra, wired: Path) -> None:
    wiring = wired / "orchestrators" / "orchestrators.py"
    wiring.write_text(wiring.read_text() + "\nraise SystemExit('imported')\n")
    assert rows(orchestra) == ROWS
    assert orchestra("list", "--live").code != 0


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "orchestrators/domain/greeting.py").write_text("x = 1\n"),
        lambda root: (root / "orchestrators/orchestrators.py").write_text(
            "def register_orchestrators(f): ...\n"
        ),
        lambda root: (root / "pyproject.toml").write_text('[tool.orchestra]\npackage = "other"\n'),
        lambda root: (root / "orchestra.toml").write_text('package = "other"\n'),
        lambda root: replaced(root / "orchestrators/domain/greeting.py", "def fail", "def fall"),
    ],
    ids=["class", "wiring", "settings", "nearer settings", "same size"],
)
def test_a_cache_of_another_state_counts_as_none(orchestra: Orchestra, wired: Path, change) -> None:  # type: ignore[no-untyped-def]
    assert orchestra("list").out
    before = orchestra("list")
    change(wired)
    fresh = orchestra("list", "--no-cache")
    assert fresh != before
    assert orchestra("list") == fresh


def test_settings_from_the_environment_have_their_own_answer(
    orchestra: Orchestra, wired: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    orchestra("list")
    monkeypatch.setenv("ORCHESTRA_PACKAGE", "other")
    assert orchestra("list").err.startswith("error[no-orchestrator-package]: ") or orchestra("list").code == 0
    assert rows(orchestra, "--no-cache") == rows(orchestra)


def test_a_forged_cache_counts_as_none(orchestra: Orchestra, wired: Path, own_places: Path) -> None:
    assert rows(orchestra) == ROWS
    (entry,) = (own_places / "cache").rglob("*.json")
    good = json.loads(entry.read_text())
    for forged in (
        "",
        "[]",
        "{",
        json.dumps({**good, "key": "other"}),
        json.dumps({**good, "files": {"pyproject.toml": None}}),
        json.dumps({"key": good["key"]}),
    ):
        entry.write_text(forged)
        assert rows(orchestra) == ROWS


def test_a_cache_that_cannot_be_written_is_no_error(
    orchestra: Orchestra, wired: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ORCHESTRA_CACHE_DIR", str(tmp_path / "file" / "below"))
    assert rows(orchestra) == ROWS


def test_the_layer_chooses(orchestra: Orchestra, wired: Path) -> None:
    assert rows(orchestra, "--layer", "infrastructure") == ROWS[1:]
    assert rows(orchestra, "--layer", "application") == []


def test_the_text_has_a_line_for_each(orchestra: Orchestra, wired: Path) -> None:
    lines = orchestra("list").out.splitlines()
    assert [line.split()[:3] for line in lines] == [
        ["greeting", "domain", "business_logic"],
        ["patrol", "infrastructure", "monitoring"],
    ]
    assert lines == in_own_process("list", cwd=wired).out.splitlines()


def test_nothing_registered_and_no_package(orchestra: Orchestra, project: Path) -> None:
    assert orchestra("list").err.startswith("error[no-orchestrator-package]: ")
    orchestra("init")
    assert orchestra("list").out == "no orchestrators are registered\n"


def test_a_class_that_the_source_does_not_lead_to_is_shown_as_unknown(
    orchestra: Orchestra, wired: Path
) -> None:
    wiring = wired / "orchestrators" / "orchestrators.py"
    text = wiring.read_text().replace(
        'facade.register_factory("patrol"',
        'facade.register_factory("riddle", lambda: 1)\n    facade.register_factory("patrol"',
    )
    wiring.write_text(text)
    done = orchestra("list")
    assert done.code == 1
    assert "riddle" in done.out
    assert "warning: the class of `riddle` was not found" in done.err


def test_a_registration_that_exists_at_run_time_only_is_found_with_live(
    orchestra: Orchestra, wired: Path
) -> None:
    wiring = wired / "orchestrators" / "orchestrators.py"
    named = 'for name in ("gree" + "ting",):\n        facade.register_factory(name, _greeting)'
    replaced(wiring, 'facade.register_factory("greeting", _greeting)', named)
    assert [row["name"] for row in rows(orchestra)] == ["patrol"]
    assert [row["name"] for row in rows(orchestra, "--live")] == ["greeting", "patrol"]


def test_without_wiring_the_package_is_looked_through(orchestra: Orchestra, wired: Path) -> None:
    (wired / "pyproject.toml").write_text("[tool.orchestra]\n")
    (wired / "orchestrators" / "orchestrators.py").write_text("")
    (wired / "orchestrators" / "facade.py").write_text("")
    assert [row["name"] for row in rows(orchestra)] == ["greeting", "patrol"]


def test_names_are_followed_through_exports_shims_and_aliases(orchestra: Orchestra, wired: Path) -> None:
    package = wired / "orchestrators"
    (package / "domain" / "greeting.py").rename(wired / "elsewhere.py")
    (package / "domain" / "greeting.py").write_text(
        'from orchestra import moved\n\nmoved.forward(__name__, "elsewhere")\n'
    )
    (package / "domain" / "__init__.py").write_text('_EXPORTS = {"GreetingOrchestrator": "elsewhere"}\n')
    wiring = package / "orchestrators.py"
    wiring.write_text(
        wiring.read_text()
        .replace(
            "from orchestrators.domain.greeting import GreetingOrchestrator",
            "from .domain import GreetingOrchestrator as G",
        )
        .replace("GreetingOrchestrator()", "G()")
    )
    assert [row["path"] for row in rows(orchestra)] == ["elsewhere.py", ROWS[1]["path"]]
    assert rows(orchestra)[1]["operations"] == ROWS[1]["operations"]
