"""Somebody else's files are written as they were read, and a migration touches only what it concerns."""

from __future__ import annotations

import random
import sysconfig
from pathlib import Path

import pytest

from tests.corpus.round_trip import harm, is_migrated, migrate, not_written_as_read, plant, project_of, read

FOLDERS = {name: Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")}
FILES = 90
SEED = 20_261_124


@pytest.fixture(params=FOLDERS)
def files(request: pytest.FixtureRequest) -> dict[str, bytes]:
    """A sample of the files of a folder; with --soak all of them."""
    folder = FOLDERS[request.param]
    paths = [
        path
        for path in sorted(folder.rglob("*.py"))
        if request.param == "purelib" or "site-packages" not in path.parts
    ]
    if not request.config.getoption("--soak"):
        paths = random.Random(SEED).sample(paths, min(FILES, len(paths)))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_what_is_read_is_written_the_same(files: dict[str, bytes]) -> None:
    assert not_written_as_read(files) == []


def test_a_migration_that_concerns_none_changes_none(files: dict[str, bytes]) -> None:
    plan = migrate(project_of(files))
    assert plan.changes == ()
    assert plan.refusals == ()


def test_a_planted_class_is_migrated_and_nothing_else_changes(files: dict[str, bytes]) -> None:
    chance = random.Random(SEED)
    done = 0
    for _ in range(4):
        planting = plant(project_of(files), chance)
        migrated = migrate(planting.project)
        assert harm(planting, migrated) == []
        done += is_migrated(planting, migrated)
    assert done >= 2


def test_every_file_of_a_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.py").write_bytes(b"x = 1\r\n")
    (tmp_path / "c.txt").write_bytes(b"")
    assert read(tmp_path) == {"a/b.py": b"x = 1\r\n"}
