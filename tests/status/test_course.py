"""The course of a migration is measured on git's own objects, once for each content, by today's settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra_cli.standing.commits import Commit
from orchestra_cli.standing.course import thinned
from tests.support.commands import committed, git, in_own_process
from tests.support.snapshots import snapshot

LEGACY = """\
class {name}Orchestrator:
    async def work(self) -> int:
        return 1
"""


@pytest.fixture
def shop(own_places: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "src").mkdir(parents=True)
    (folder / "pyproject.toml").write_text('[project]\nname = "shop"\nversion = "0"\n')
    (folder / "src/billing.py").write_text(LEGACY.format(name="Billing"))
    return folder


def commit(folder: Path, day: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("GIT_COMMITTER_DATE", f"{day}T12:00:00+00:00")
    committed(folder)
    return git(folder, "rev-parse", "HEAD").strip()


def course(folder: Path, *options: str) -> list[dict[str, Any]]:
    done = in_own_process("status", "--output-format", "json", *options, cwd=folder)
    assert done.code == 0, done.err
    return list(json.loads(done.out)["course"])


def test_it_begins_before_the_first_commit_of_the_migration(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(shop, "2026-01-01", monkeypatch)
    (shop / "src/mail.py").write_text(LEGACY.format(name="Mail"))
    before = commit(shop, "2026-02-01", monkeypatch)
    assert in_own_process("init", cwd=shop).code == 0
    begun = commit(shop, "2026-03-01", monkeypatch)
    assert in_own_process("migrate", "billing", cwd=shop).code == 0
    migrated = commit(shop, "2026-04-01", monkeypatch)
    points = course(shop)
    assert [(one["commit"], one["day"], one["migrated"], one["to_migrate"]) for one in points[:-1]] == [
        (before, "2026-02-01", 0, 2),
        (begun, "2026-03-01", 0, 2),
        (migrated, "2026-04-01", 1, 1),
    ]
    assert points[-1]["commit"] == ""
    assert (points[-1]["migrated"], points[-1]["old_modules"]) == (1, 1)
    (shop / "src/late.py").write_text(LEGACY.format(name="Late"))
    assert course(shop)[-1]["to_migrate"] == 2
    assert course(shop, "--no-history") == []


def test_what_was_measured_is_kept_unless_unwanted(
    shop: Path, own_places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert in_own_process("init", cwd=shop).code == 0
    commit(shop, "2026-03-01", monkeypatch)
    fresh = course(shop, "--no-cache")
    assert not list(own_places.rglob("course/*.json"))
    assert course(shop) == fresh
    (kept,) = own_places.rglob("course/*.json")
    entry = json.loads(kept.read_text())
    for point in entry["value"]["points"].values():
        point["migrated"] = 77
    kept.write_text(json.dumps(entry))
    assert course(shop)[0]["migrated"] == 77
    assert course(shop, "--no-cache") == fresh


def test_no_program_of_the_repository_runs_and_nothing_is_written(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert in_own_process("init", cwd=shop).code == 0
    (shop / ".gitattributes").write_text("*.py filter=evil\nsrc/billing.py export-ignore\n")
    commit(shop, "2026-03-01", monkeypatch)
    git(shop, "config", "filter.evil.smudge", f"touch {tmp_path / 'ran'}; cat")
    before = snapshot(shop)
    assert [one["to_migrate"] for one in course(shop)] == [1, 1]
    assert not (tmp_path / "ran").exists()
    assert snapshot(shop) == before


def test_a_commit_whose_records_cannot_be_read_is_left_out(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert in_own_process("init", cwd=shop).code == 0
    commit(shop, "2026-03-01", monkeypatch)
    (shop / "deprecations.toml").write_text("[[module]\n")
    broken = commit(shop, "2026-03-02", monkeypatch)
    (shop / "deprecations.toml").unlink()
    (shop / "src/billing.py").unlink()
    (shop / "src/billing.py").mkdir()
    (shop / "src/billing.py/note").write_text("a folder now")
    commit(shop, "2026-03-03", monkeypatch)
    points = course(shop)
    assert broken not in [one["commit"] for one in points]
    assert [one["day"] for one in points[:-1]] == ["2026-03-01", "2026-03-03"]


@pytest.mark.parametrize("is_repository", [True, False])
def test_without_a_history_there_is_today(shop: Path, is_repository: bool) -> None:
    if is_repository:
        git(shop, "init", "--quiet")
    assert [one["commit"] for one in course(shop)] == [""]


COMMITS = st.lists(st.dates(), min_size=1, max_size=60).map(
    lambda days: [Commit(str(number), day.isoformat()) for number, day in enumerate(sorted(days))]
)


@given(COMMITS, st.integers(2, 15))
def test_few_points_stand_for_many_commits(commits: list[Commit], most: int) -> None:
    chosen = thinned(commits, most)
    assert len(chosen) <= most
    assert (chosen[0], chosen[-1]) == (commits[0], commits[-1])
    assert chosen == sorted(chosen, key=commits.index)
    assert len(commits) > most or chosen == commits
