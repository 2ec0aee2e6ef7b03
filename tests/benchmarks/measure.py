"""Ratios of CPU time, measured in interleaved rounds so that noise hits both sides alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Clock = Callable[[], float]
"""Does the work once and returns the seconds of CPU time that it took."""

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; times are medians, in seconds of CPU time unless ``what`` says otherwise."""

    what: str
    target: float | None
    peer: str
    peer_seconds: float
    ours_seconds: float

    @property
    def ratio(self) -> float:
        """How many times the peer's time ours is."""
        return self.ours_seconds / self.peer_seconds

    @property
    def peer_text(self) -> str:
        """The peer's time for people."""
        return _readable(self.peer_seconds)

    @property
    def ours_text(self) -> str:
        """Our time for people."""
        return _readable(self.ours_seconds)

    def as_json(self) -> dict[str, Any]:
        """The row for programs."""
        return {
            "what": self.what,
            "target": self.target,
            "peer": self.peer,
            "peer_seconds": self.peer_seconds,
            "ours_seconds": self.ours_seconds,
            "ratio": self.ratio,
        }


def interleaved(clocks: Mapping[str, Clock], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the median of each clock over ``rounds`` rounds, after one round that only warms caches."""
    taken: dict[str, list[float]] = {name: [] for name in clocks}
    for turn in range(rounds + 1):
        for name, clock in clocks.items():
            seconds = clock()
            if turn:
                taken[name].append(seconds)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def command(
    arguments: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> Clock:
    """Return a clock that runs a command and its children to the end.

    Byte code is written and used as on a user's machine, whatever the settings of this process.
    The clock raises CalledProcessError where the command fails, so that nobody measures an error message.
    """

    settings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def clock() -> float:
        process = subprocess.Popen(
            arguments,
            cwd=cwd,
            env=settings | dict(env or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        assert process.stderr is not None
        message = process.stderr.read()
        process.stderr.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, list(arguments), stderr=message)
        return usage.ru_utime + usage.ru_stime

    return clock


def function(work: Callable[[], object], *, times: int = 1) -> Clock:
    """Return a clock that calls ``work`` in this process, for the CPU time of one call out of ``times``."""

    def clock() -> float:
        start = time.process_time()
        for _ in range(times):
            work()
        return (time.process_time() - start) / times

    return clock


def _readable(seconds: float) -> str:
    for factor, unit in ((1.0, "s"), (1e3, "ms")):
        if seconds * factor >= 1:
            return f"{seconds * factor:.1f} {unit}"
    return f"{seconds * 1e6:.2f} us"
