"""The tables that are ours: who is alive, who stands in which line, and which layout these tables have."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import exc

_OURS = "ours"
_METADATA = sa.MetaData(schema=_OURS)

LEASES = sa.Table(
    "orchestra_leases",
    _METADATA,
    sa.Column("worker", sa.Text, primary_key=True),
    sa.Column("beat_at", sa.Float, nullable=False),
    sa.Column("lease", sa.Float, nullable=False),
    sa.Column("serves", sa.Text, nullable=False),
    sa.Column("running", sa.Text, nullable=False),
)
"""One row a worker: ``beat_at`` by the store's clock, ``lease`` in seconds, the rest as JSON."""

PLACES = sa.Table(
    "orchestra_places",
    _METADATA,
    sa.Column("what", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("turn", sa.Text, nullable=False, unique=True),
    sa.Column("worker", sa.Text, nullable=False, index=True),
)
"""One row for each who stands in line for a place; the first of them by ``position`` hold places."""

LAYOUT_TABLE = sa.Table(
    "orchestra_layout", _METADATA, sa.Column("version", sa.Integer, primary_key=True, autoincrement=False)
)


def translated(engine: sa.Engine) -> sa.Engine:
    """Return an engine that finds our tables: in our schema, or in a SQLite file without one."""
    schema = None if engine.dialect.name == "sqlite" else "orchestra"
    return engine.execution_options(schema_translate_map={_OURS: schema})


def create_tables(engine: sa.Engine, layout: int) -> None:
    """Create what is missing and note the layout; two processes may do it at once."""
    engine = translated(engine)
    try:
        _METADATA.create_all(engine)
        with engine.begin() as connection:
            connection.execute(sa.insert(LAYOUT_TABLE).values(version=layout))
    except exc.DatabaseError:  # the other was first
        with engine.connect() as connection:
            if connection.execute(sa.select(sa.func.max(LAYOUT_TABLE.c.version))).scalar() is None:
                raise


def store_now(engine: sa.Engine) -> sa.ColumnElement[float]:
    """Return the store's clock in seconds, so that the clocks of the machines need not agree."""
    if engine.dialect.name == "sqlite":
        return (sa.func.julianday("now") - 2440587.5) * 86400.0
    return sa.cast(sa.func.extract("epoch", sa.func.clock_timestamp()), sa.Float)
