"""What a command costs before its own work, against an interpreter that does nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from tests.benchmarks.measure import Row, command, interleaved

PEER = "python -c pass"
TARGETS: dict[str, tuple[float, list[str]]] = {
    "orchestra --version": (1.3, ["--version"]),
    "orchestra --help": (4.0, ["--help"]),
    "orchestra scan --help": (6.0, ["scan", "--help"]),
    "orchestra migrate --help": (6.0, ["migrate", "--help"]),
    "orchestra run --help": (6.0, ["run", "--help"]),
}


def rows() -> Iterator[Row]:
    """Yield a row for each command, and one for the import of the runtime."""
    clocks = {PEER: command([sys.executable, "-c", "pass"])}
    for what, (_, arguments) in TARGETS.items():
        clocks[what] = command([sys.executable, "-m", "orchestra_cli", *arguments])
    imports = "import orchestra; orchestra.BaseOrchestrator, orchestra.OrchestrationFacade"
    clocks["import orchestra"] = command([sys.executable, "-c", imports])
    medians = interleaved(clocks)
    for what, (target, _) in TARGETS.items():
        yield Row(what, target, PEER, medians[PEER], medians[what])
    yield Row("import orchestra, with its classes", 2.5, PEER, medians[PEER], medians["import orchestra"])
