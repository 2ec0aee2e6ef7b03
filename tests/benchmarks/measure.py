"""Ratios of CPU time, measured in interleaved rounds so that noise hits both sides alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Clock = Callable[[], float]
"""Does the work once and returns the seconds of CPU time that it took."""

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; times are medians, in seconds of CPU time unless ``what`` says otherwise.

    With ``unit`` MB the two figures are megabytes and not seconds.
    """

    what: str
    target: float | None
    peer: str
    peer_seconds: float
    ours_seconds: float
    unit: str = "s"

    @property
    def ratio(self) -> float:
        """How many times the peer's time ours is."""
        return self.ours_seconds / self.peer_seconds

    @property
    def peer_text(self) -> str:
        """The peer's time for people."""
        return _readable(self.peer_seconds, self.unit)

    @property
    def ours_text(self) -> str:
        """Our time for people."""
        return _readable(self.ours_seconds, self.unit)

    def as_json(self) -> dict[str, Any]:
        """The row for programs."""
        return {
            "what": self.what,
            "target": self.target,
            "peer": self.peer,
            "peer_seconds": self.peer_seconds,
            "ours_seconds": self.ours_seconds,
            "ratio": self.ratio,
            "unit": self.unit,
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
    arguments: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    accepted: Collection[int] = (0,),
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
        if process.returncode not in accepted:
            raise subprocess.CalledProcessError(process.returncode, list(arguments), stderr=message)
        return usage.ru_utime + usage.ru_stime

    return clock


def peak_memory(arguments: Sequence[str], *, cwd: Path, accepted: Collection[int] = (0,)) -> float:
    """Return the most memory in megabytes that a command held at once. Raises CalledProcessError.

    A small process starts it: Linux counts what the starting process held as the child's own.
    """
    watch = [sys.executable, "-I", "-c", _WATCH, *arguments]
    done = subprocess.run(watch, cwd=cwd, check=True, capture_output=True, text=True)
    code, peak = done.stdout.split()
    if int(code) not in accepted:
        raise subprocess.CalledProcessError(int(code), list(arguments))
    return int(peak) / (1024 * 1024 if sys.platform == "darwin" else 1024)


_WATCH = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def function(work: Callable[[], object], *, times: int = 1) -> Clock:
    """Return a clock that calls ``work`` in this process, for the CPU time of one call out of ``times``."""

    def clock() -> float:
        start = time.process_time()
        for _ in range(times):
            work()
        return (time.process_time() - start) / times

    return clock


def _readable(seconds: float, unit: str = "s") -> str:
    if unit != "s":
        return f"{seconds:.0f} {unit}"
    for factor, unit in ((1.0, "s"), (1e3, "ms")):
        if seconds * factor >= 1:
            return f"{seconds * factor:.1f} {unit}"
    return f"{seconds * 1e6:.2f} us"
