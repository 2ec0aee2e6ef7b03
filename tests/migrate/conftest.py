"""A project made of a folder of files, migrated in memory as the command line does it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from orchestra_codemods.change import Plan
from orchestra_codemods.config import Config
from orchestra_codemods.inventory import take
from orchestra_codemods.migrations.orchestrator import MigrateOrchestrators
from orchestra_codemods.migrations.page import with_proof
from orchestra_codemods.plan import plan
from orchestra_codemods.project import Project, Sources
from orchestra_codemods.source import Source
from orchestra_codemods.verify import verify
from orchestra_templates.rendering import render_project
from tests.support.legacy_bot import prepared

REMOVE_ON = date(2027, 2, 20)

MakeProject = Callable[[Mapping[str, bytes]], Project]
Migrate = Callable[..., Plan]


@pytest.fixture(scope="session")
def make_project() -> MakeProject:
    """Make a project of files, with the package that `orchestra init` writes beside them."""

    def make(files: Mapping[str, bytes]) -> Project:
        root = "src/" if any(path.startswith("src/") for path in files) else ""
        package = {
            f"{root}core/orchestration/{path}": text.encode() for path, text in render_project(None).items()
        }
        every = {f"{root}core/__init__.py": b"", **package, **files}
        sources = {path: Source.from_bytes(path, data) for path, data in every.items()}
        return Project(
            Path("/nowhere"), Sources(Path("/nowhere"), (), sources), Config(package="core.orchestration")
        )

    return make


@pytest.fixture(scope="session")
def migrate() -> Migrate:
    """Plan and verify a migration."""

    def run(project: Project, **options: Any) -> Plan:
        unit = MigrateOrchestrators(remove_on=REMOVE_ON, take=take, **options)

        def replan(current: Project, without: frozenset[str]) -> Plan:
            return plan(current, [unit.leaving_out(without)])

        return with_proof(verify(project, plan(project, [unit]), replan))

    return run


@pytest.fixture(scope="session")
def read_tree() -> Callable[[Path], dict[str, bytes]]:
    """Read every file of a folder by its path in it."""

    def read(folder: Path) -> dict[str, bytes]:
        paths = [
            path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts
        ]
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}

    return read


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the legacy application, prepared; it is not to be written into."""
    return prepared(tmp_path_factory.mktemp("pristine") / "bot")


@pytest.fixture
def application(pristine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the prepared application, and keep journals out of the home."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return shutil.copytree(pristine, tmp_path / "bot")
