"""What a command costs before its own work, against an interpreter that does nothing."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import Row, command, interleaved

PEER = "python -c pass"
SCRIPT = str(Path(sys.executable).with_name("orchestra"))
CLASSES = "orchestra.BaseOrchestrator, orchestra.OrchestrationFacade"
_OURS = "from orchestra_cli.__main__ import main; main(['--version'])"
TARGETS: dict[str, tuple[float | None, list[str]]] = {
    "orchestra --version": (1.3, ["--version"]),
    "orchestra list, from the cache": (3.0, ["list"]),
    "orchestra --help": (4.0, ["--help"]),
    "orchestra migrate --help": (6.0, ["migrate", "--help"]),
    "orchestra config show": (6.0, ["config", "show"]),
    "orchestra completion bash": (6.0, ["completion", "bash"]),
    "orchestra history, its own work included": (None, ["history"]),
}

COMPLETED: dict[str, list[str]] = {
    "completion of an orchestrator's name": ["run", "night_"],
    "completion of an operation's name": ["run", "night_1", "--operation", ""],
}


def rows() -> Iterator[Row]:
    """Yield a row for each command, and two for the import of the runtime."""
    with tempfile.TemporaryDirectory() as folder:
        project = _project(Path(folder))
        clocks = {PEER: command([sys.executable, "-c", "pass"])}
        for what, (_, arguments) in TARGETS.items():
            clocks[what] = command([SCRIPT, *arguments], cwd=project)
        for what, words in COMPLETED.items():
            clocks[what] = command([SCRIPT, *words], cwd=project, env={"_ORCHESTRA_COMPLETE": "bash"})
        clocks["ours"] = command([sys.executable, "-c", _OURS], cwd=project)
        clocks["short script"] = command(
            [sys.executable, str(_short_script(project)), "--version"], cwd=project
        )
        clocks["script"] = command([sys.executable, "-c", "import re"])
        clocks["bare"] = command([sys.executable, "-c", "import orchestra"])
        clocks["classes"] = command([sys.executable, "-c", f"import orchestra; {CLASSES}"])
        medians = interleaved(clocks)
    for what, (target, _) in TARGETS.items():
        yield Row(what, target, PEER, medians[PEER], medians[what])
    for what in COMPLETED:
        yield Row(what, 3.0, PEER, medians[PEER], medians[what])
    yield Row("  of --version: our own code", 1.3, PEER, medians[PEER], medians["ours"])
    yield Row("  --version by the script that uv writes", 1.3, PEER, medians[PEER], medians["short script"])
    yield Row(
        "  of --version: `import re` in the script that pip writes",
        None,
        PEER,
        medians[PEER],
        medians["script"],
    )
    yield Row("import orchestra", 2.5, PEER, medians[PEER], medians["bare"])
    beyond = medians["classes"] - medians[PEER]
    yield Row("import orchestra and its classes, beyond the peer", 1.0, "60 ms", 0.060, beyond)


def _short_script(folder: Path) -> Path:
    """Write the command as installers do that import nothing for it."""
    script = folder / "script"
    script.write_text("import sys\n\nfrom orchestra_cli.__main__ import main\n\nsys.exit(main())\n")
    return script


def _project(folder: Path) -> Path:
    """Write a project with three registered orchestrators, as a user would get it."""
    (folder / "pyproject.toml").write_text('[project]\nname = "measured"\nversion = "1"\n')
    (folder / "work.py").write_text(
        "".join(
            f"class Night{n}Orchestrator:\n    async def run(self) -> int:\n        return {n}\n"
            for n in range(3)
        )
    )
    for arguments in (["init"], ["migrate", "--all"], ["list"]):
        subprocess.run([SCRIPT, *arguments], cwd=folder, check=True, capture_output=True)
    return folder
