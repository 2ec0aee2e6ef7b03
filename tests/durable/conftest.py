"""Stores for tests: a SQLite file and a database on a real PostgreSQL."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.support.postgres import new_database, start_server


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Any:
    """One server for all processes of this run of pytest."""
    workerinput = getattr(request.config, "workerinput", None)
    return start_server(workerinput["testrunuid"] if workerinput else str(os.getpid()))


@pytest.fixture
def postgres_url(postgres: Any) -> str:
    """A database of the test's own."""
    return new_database(postgres)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A file of the test's own."""
    return f"sqlite:///{tmp_path / 'runs.sqlite'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """Each kind of store in turn."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(name)
    return url
