"""Planning in a large tree: from nothing, with nothing changed, its memory, and how cost grows."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

from orchestra_codemods.change import Plan
from orchestra_codemods.config import load, locate
from orchestra_codemods.inventory import take
from orchestra_codemods.migrations.orchestrator import MigrateOrchestrators
from orchestra_codemods.names import forget
from orchestra_codemods.plan import plan
from orchestra_codemods.scan import scan
from tests.benchmarks.bench_scan import build, inventory, parse
from tests.benchmarks.measure import Row, command, function, interleaved, peak_memory

PARSE = "ast.parse on every file"
PASS = "python -c pass"
LIBCST = "LibCST, qualified names, from 25 files"
SCRIPT = [sys.executable, "-m", "orchestra_cli"]
SAMPLE = 25
QUALIFY = """
import sys
from pathlib import Path
from libcst import parse_module
from libcst.metadata import MetadataWrapper, QualifiedNameProvider
for path in sys.argv[1:]:
    MetadataWrapper(parse_module(Path(path).read_bytes())).resolve(QualifiedNameProvider)
"""


def rows() -> Iterator[Row]:
    """Yield the rows of a tree of 10 MB, and those of synthetic trees of 1,000 and 10,000 files."""
    with tempfile.TemporaryDirectory() as folder:
        root, contents = initialised(Path(folder) / "tree")
        os.environ["ORCHESTRA_CACHE_DIR"] = str(Path(folder) / "cache")
        yield from _cold(root, contents)
        yield from _warm(root)
    yield from _growth()


def initialised(root: Path) -> tuple[Path, list[bytes]]:
    """Write the tree as a project with a package for orchestrators, under git."""
    root.mkdir()
    contents = build(root, ("src",))
    (root / "pyproject.toml").write_text('[project]\nname = "large"\nversion = "1"\n')
    under_git(root)
    return root, contents


def under_git(root: Path) -> None:
    """Give a project its package for orchestrators, and commit everything."""
    identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "gc.auto=0"]
    for arguments in (
        [*SCRIPT, "init", "--quiet"],
        ["git", "init", "--quiet"],
        ["git", "add", "--all"],
        ["git", *identity, "commit", "--quiet", "--message", "start"],
    ):
        subprocess.run(arguments, cwd=root, check=True, capture_output=True)


def planned(root: Path) -> Plan:
    """Plan the migration of everything, classes and callers, with nothing remembered."""
    forget()
    unit = MigrateOrchestrators(remove_on=date(2030, 1, 1), take=take)
    return plan(scan(root, load(locate(root))), [unit])


def _cold(root: Path, contents: list[bytes]) -> Iterator[Row]:
    clocks = {
        PARSE: function(lambda: parse(contents)),
        "inventory": function(lambda: inventory(root)),
        "plan": function(lambda: planned(root)),
    }
    medians = interleaved(clocks, 5)
    changes = len(planned(root).changes)
    what = f"plan of everything, cold: classes rewritten, {changes} files"
    yield Row(what, 2.0, PARSE, medians[PARSE], medians["plan"])
    qualified = _qualified(root)
    yield Row("inventory, cold", 1 / 400, LIBCST, qualified, medians["inventory"])
    for command_line in ("scan", "migrate --all --dry-run"):
        arguments = [*command_line.split(), "--no-cache", "--quiet"]
        memory = peak_memory([*SCRIPT, *arguments], cwd=root, accepted=(0, 1))
        yield Row(f"peak memory of `{command_line}`, cold", 1.0, "64 MB", 64, memory, unit="MB")


def _qualified(root: Path) -> float:
    """Return what LibCST would need for the tree, from what it needs for every so many-th file."""
    files = sorted(root.rglob("*.py"), key=lambda path: path.stat().st_size)
    sample = files[len(files) // (2 * SAMPLE) :: len(files) // SAMPLE][:SAMPLE]
    bare = command([sys.executable, "-c", QUALIFY])()
    seconds = command([sys.executable, "-c", QUALIFY, *map(str, sample)])() - bare
    whole = sum(path.stat().st_size for path in files)
    return seconds * whole / sum(path.stat().st_size for path in sample)


def _warm(root: Path) -> Iterator[Row]:
    commands = {
        "scan, nothing changed": ["scan"],
        "migrate --all --dry-run, nothing changed": ["migrate", "--all", "--dry-run"],
    }
    clocks = {PASS: command([sys.executable, "-c", "pass"])}
    for what, arguments in commands.items():
        subprocess.run([*SCRIPT, *arguments], cwd=root, check=False, capture_output=True)
        clocks[what] = command([*SCRIPT, *arguments], cwd=root, accepted=(0, 1))
    medians = interleaved(clocks)
    for what, arguments in commands.items():
        yield Row(what, 5.0, PASS, medians[PASS], medians[what])
        memory = peak_memory([*SCRIPT, *arguments], cwd=root, accepted=(0, 1))
        yield Row(f"  peak memory of {what}", 1.0, "64 MB", 64, memory, unit="MB")


def _growth() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        roots = [synthetic(Path(folder) / f"{number}", *size) for number, size in enumerate(_SIZES)]
        for what, work in _WORK.items():
            taken = interleaved({root.name: function(partial(work, root)) for root in roots}, 3)
            small, files, classes = taken.values()
            yield Row(f"{what}: 10 times the files", 1.2, "1,000 files x 10", 10 * small, files)
            yield Row(f"{what}: 10 times the classes", 1.2, "20 classes x 10", 10 * small, classes)


def synthetic(root: Path, files: int, classes: int) -> Path:
    """Write a tree of small modules, of which some are orchestrators and others import one of them each."""
    for number in range(files):
        folder = root / f"part{number % 50}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"module_{number}.py").write_text(_module(number, classes))
    for folder in root.iterdir():
        (folder / "__init__.py").touch()
    (root / "pyproject.toml").write_text('[project]\nname = "synthetic"\nversion = "1"\n')
    under_git(root)
    return root


def _module(number: int, classes: int) -> str:
    if number < classes:
        return (
            f'"""Runs part {number}."""\n\nimport asyncio\n\n\n'
            f"class Part{number}Orchestrator:\n"
            f'    """Works on part {number}."""\n\n'
            "    def __init__(self) -> None:\n        self.done = 0\n\n"
            "    async def run_workflow(self, day: str) -> str:\n"
            "        await asyncio.sleep(0)\n        self.done += 1\n        return day\n"
        )
    body = "".join(
        f"def step_{number}_{step}(value: int, factor: int = {step}) -> int:\n"
        f"    total = value * factor + {number}\n"
        "    for each in range(factor):\n        total += each % 7\n"
        "    return total\n\n\n"
        for step in range(12)
    )
    if number % 10:
        return body
    meant = number // 10 % classes
    return (
        f"from part{meant % 50}.module_{meant} import Part{meant}Orchestrator\n\n\n{body}"
        f"async def main_{number}() -> str:\n    return await Part{meant}Orchestrator().run_workflow('x')\n"
    )


_SIZES = ((1_000, 20), (10_000, 20), (1_000, 200))
"""Files and classes of the synthetic trees."""
_WORK: dict[str, Callable[[Path], object]] = {"inventory": inventory, "plan of everything": planned}
