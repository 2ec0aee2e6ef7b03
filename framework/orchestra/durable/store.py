"""Where runs are kept: a SQLite file, or a PostgreSQL database in which the schema ``orchestra`` is ours."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestra.durable.errors import (
    NetworkFileSystemError,
    StoreUnreachableError,
    StoreUrlError,
    StoreVersionError,
)
from orchestra.durable.extra import check_installed
from orchestra.durable.file_systems import network_file_system_of

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy import exc

SCHEMA = "orchestra"
"""The schema of our tables and the engine's in a PostgreSQL database."""

LAYOUT = 2
"""The version of our own tables; a store with a higher one was made by a newer release."""

CONNECTING = 5
"""Seconds that a server may take to answer a connection."""


class Store:
    """A store by its URL; nothing is opened before :meth:`open`."""

    def __init__(self, url: str) -> None:
        """Read the URL. Raises StoreUrlError, and MissingExtraError without the extra ``durable``."""
        check_installed()
        self._url = _parsed(url)
        self.is_sqlite = self._url.get_backend_name() == "sqlite"

    @property
    def url(self) -> str:
        """The URL as the engine takes it, with its password."""
        return str(self._url.render_as_string(hide_password=False))

    def __str__(self) -> str:
        return str(self._url.render_as_string(hide_password=True))

    @property
    def path(self) -> Path:
        """The file of a SQLite store."""
        return Path(self._url.database or "")

    def open(self) -> None:
        """Check that the store can be used and bring its tables up to date; idempotent.

        Raises StoreUnreachableError, StoreVersionError and NetworkFileSystemError.
        """
        import sqlalchemy as sa
        from sqlalchemy import exc

        if self.is_sqlite:
            self._check_file()
        engine = self.engine()
        try:
            with engine.connect() as connection:
                connection.execute(sa.text("SELECT 1"))
                if self.is_sqlite:  # readers do not wait for the writer; a commit is on disk all the same
                    connection.execute(sa.text("PRAGMA journal_mode=WAL")).fetchall()
            self._migrate(engine)
        except exc.DatabaseError as error:
            raise self._said(error) from error
        finally:
            engine.dispose()

    def engine(self, patience: float = 30.0) -> sa.Engine:
        """Return connections of our own, beside the engine's; they wait so many seconds for a SQLite file."""
        import sqlalchemy as sa

        if self.is_sqlite:
            return sa.create_engine(
                self._url, connect_args={"timeout": patience}, pool_size=1, max_overflow=4
            )
        url = self._url.set(drivername="postgresql+psycopg")
        # Nobody waits for a peer that is frozen while it writes its lease; the server ends such a session.
        limits = "-c lock_timeout=1000 -c idle_in_transaction_session_timeout=1000"
        options = {"connect_timeout": CONNECTING, "options": limits}
        return sa.create_engine(url, connect_args=options, pool_size=1, max_overflow=4, pool_pre_ping=True)

    def _check_file(self) -> None:
        file_system = network_file_system_of(self.path)
        if file_system is not None:
            raise NetworkFileSystemError(
                f"{self.path} is on a network file system ({file_system}), on which SQLite loses data",
                hint="Put it on a local disk, or give --store postgresql://…",
            )
        if not self.path.parent.is_dir():
            raise StoreUnreachableError(
                f"The folder {self.path.parent} of the store does not exist",
                hint="Create it, or name another file",
            )

    def _migrate(self, engine: sa.Engine) -> None:
        from dbos import DBOS

        from orchestra.durable.engine import quietly, versions_of_engine

        recorded, known = versions_of_engine(engine, SCHEMA)
        layout = _layout(engine)
        if recorded > known or layout > LAYOUT:
            raise StoreVersionError(
                f"The store {self} was made by a newer version",
                hint="Upgrade: pip install --upgrade 'orchestra-framework[durable]'",
            )
        if not recorded and not layout and self.is_sqlite and _holds_something(engine):
            raise StoreVersionError(
                f"{self.path} holds tables of something else",
                hint="Name another file: --store sqlite:///runs.sqlite",
            )
        if recorded < known:
            with quietly():
                DBOS.migrate(self.url, schema=SCHEMA)
        if layout < LAYOUT:
            from orchestra.durable.tables import create_tables

            create_tables(engine, LAYOUT)

    def _said(self, error: exc.DatabaseError) -> StoreUnreachableError | StoreVersionError:
        reason = " ".join(str(error.orig).split()).removesuffix(".")
        if isinstance(error.orig, sqlite3.DatabaseError) and "not a database" in reason:
            return StoreVersionError(f"{self.path} is no SQLite file", hint="Name another file")
        return StoreUnreachableError(
            f"The store {self} cannot be used: {reason}", hint="Check the URL and that the server runs"
        )


def _parsed(url: str) -> Any:
    import sqlalchemy as sa
    from sqlalchemy import exc

    text = "postgresql://" + url.removeprefix("postgres://") if url.startswith("postgres://") else url
    try:
        parsed = sa.make_url(text)
    except (exc.ArgumentError, ValueError):
        raise _wrong_url(f"{url!r} is no URL") from None
    kind = parsed.get_backend_name()
    if kind == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed.set(database=str(Path(parsed.database or "").absolute()))
    if kind == "sqlite":
        raise _wrong_url(f"{url!r} names no file, and what is in memory outlives nothing")
    if kind != "postgresql":
        raise _wrong_url(f"{kind!r} is no kind of store")
    if not parsed.database:
        raise _wrong_url(f"{parsed.render_as_string(hide_password=True)!r} names no database")
    return parsed


def _wrong_url(message: str) -> StoreUrlError:
    return StoreUrlError(
        message, hint="Write sqlite:///runs.sqlite or postgresql://user:password@host/database"
    )


def _holds_something(engine: sa.Engine) -> bool:
    """Return whether there are tables, and none of the engine's: another process may be making these now."""
    import sqlalchemy as sa

    names = sa.inspect(engine).get_table_names()
    return bool(names) and "dbos_migrations" not in names


def _layout(engine: sa.Engine) -> int:
    import sqlalchemy as sa

    from orchestra.durable.tables import LAYOUT_TABLE, translated

    engine = translated(engine)
    if not sa.inspect(engine).has_table(
        LAYOUT_TABLE.name, schema=None if engine.dialect.name == "sqlite" else SCHEMA
    ):
        return 0
    with engine.connect() as connection:
        return connection.execute(sa.select(sa.func.max(LAYOUT_TABLE.c.version))).scalar() or 0
