"""A process that is stopped with the lock of a SQLite file is let go on, and no other is."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestra.durable.frozen import wake_who_holds

pytestmark = pytest.mark.skipif(not Path("/proc/locks").exists(), reason="there is no table of locks here")

HOLDER = """\
import signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode=WAL")
connection.execute("CREATE TABLE IF NOT EXISTS t (x)")
if sys.argv[2] == "holds":
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO t VALUES (1)")
print("ready", flush=True)
sys.stdin.readline()
connection.close()
"""


@pytest.fixture
def holder(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """A process that is stopped, with or without the lock of a file."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "runs.sqlite"), request.param],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.kill(process.pid, signal.SIGSTOP)
        os.waitpid(process.pid, os.WUNTRACED)
        yield process
        process.kill()


@pytest.mark.parametrize("holder", ["holds"], indirect=True)
def test_who_is_stopped_with_the_lock_goes_on_and_frees_it(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    store = tmp_path / "runs.sqlite"
    assert wake_who_holds(tmp_path / "other.sqlite") == []
    assert wake_who_holds(store) == [holder.pid]
    holder.communicate("\n", timeout=30)
    with sqlite3.connect(store, timeout=0) as connection:
        connection.execute("INSERT INTO t VALUES (2)")
    connection.close()


@pytest.mark.parametrize("holder", ["only reads"], indirect=True)
def test_who_is_stopped_without_a_lock_stays_stopped(holder: subprocess.Popen[str], tmp_path: Path) -> None:
    assert wake_who_holds(tmp_path / "runs.sqlite") == []
