"""What the inventory of a large tree costs, against parsing every file of it."""

from __future__ import annotations

import ast
import random
import shutil
import sysconfig
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

from orchestra_codemods.config import Config
from orchestra_codemods.inventory import Inventory, take
from orchestra_codemods.names import forget
from orchestra_codemods.scan import scan
from tests.benchmarks.measure import Row, function, interleaved

PEER = "ast.parse on every file"
BOT = Path(__file__).parents[2] / "docs" / "examples" / "legacy_bot"
FILES = 1_000
BYTES = 10_000_000
SEED = 1


TREES: dict[str, tuple[float | None, tuple[str, ...]]] = {
    "22 classes and their callers": (0.25, ("src",)),
    "with a test-suite which names them on every page": (None, ("src", "tests", "scripts")),
}


def rows() -> Iterator[Row]:
    """Yield a row for the application's sources in a large tree, and one with its dense test-suite too."""
    for what, (target, parts) in TREES.items():
        with tempfile.TemporaryDirectory() as folder:
            medians = measured(Path(folder), parts)
        yield Row(f"inventory, cold: {what}", target, PEER, medians[PEER], medians["ours"])


def measured(root: Path, parts: tuple[str, ...]) -> dict[str, float]:
    """Build a tree and measure both."""
    contents = build(root, parts)
    clocks = {PEER: function(lambda: parse(contents)), "ours": function(lambda: inventory(root))}
    return interleaved(clocks, 5)


def build(root: Path, parts: tuple[str, ...]) -> list[bytes]:
    """Write a tree of about a thousand files and ten megabytes; return what its Python files hold."""
    for part in parts:
        shutil.copytree(BOT / part, root / part)
    filler = [path for name in ("purelib", "stdlib") for path in Path(sysconfig.get_path(name)).rglob("*.py")]
    filler = sorted(path for path in filler if 2_000 < path.stat().st_size < 60_000)
    random.Random(SEED).shuffle(filler)
    written = sum(path.stat().st_size for path in root.rglob("*.py"))
    for number, path in enumerate(filler[:FILES]):
        if written > BYTES:
            break
        target = root / "src" / f"filler{number % 30}" / f"module_{number}.py"
        target.parent.mkdir(exist_ok=True)
        (target.parent / "__init__.py").touch()
        target.write_bytes(path.read_bytes())
        written += path.stat().st_size
    return [path.read_bytes() for path in sorted(root.rglob("*.py"))]


def parse(contents: list[bytes]) -> None:
    """Parse everything, as the simplest tool would."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for content in contents:
            try:
                ast.parse(content)
            except (SyntaxError, ValueError):
                continue


def inventory(root: Path) -> Inventory:
    """Scan and take the inventory with nothing remembered."""
    forget()
    return take(scan(root, Config()))
