"""Scan real packages: no crash, valid JSON, and what it costs beside parsing every file (`make corpus`).

    python -m tests.corpus.scan_corpus [FOLDER]

FOLDER holds one unpacked package in each of its folders; without it the packages pinned in packages.txt are
downloaded and unpacked under .cache/corpus.
"""

from __future__ import annotations

import ast
import gc
import json
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

import jsonschema

from orchestra_codemods.config import Config
from orchestra_codemods.inventory import Inventory, take, to_json
from orchestra_codemods.scan import scan
from tests.corpus.packages import ROOT, unpacked

SCHEMA = ROOT / "docs" / "reference" / "schemas" / "scan.json"
HEADING = (
    f"{'package':<28}{'files':>7}{'MB':>7}{'scan s':>8}{'parse s':>9}{'ratio':>7}"
    f"{'candidates':>12}{'refused':>9}{'callers':>9}{'problems':>10}"
)


@dataclass(frozen=True)
class Measured:
    """What scanning one package found and cost; times are seconds of CPU."""

    name: str
    files: int
    megabytes: float
    scanning: float
    parsing: float
    inventory: Inventory

    @property
    def refused(self) -> int:
        return sum(1 for found in self.inventory.orchestrators if found.refused)


def main(arguments: list[str]) -> int:
    packages = unpacked(arguments)
    schema = json.loads(SCHEMA.read_text())
    print(HEADING)
    for package in packages:
        measured = measure(package)
        if not measured.files:
            print(f"{package} holds no Python file", file=sys.stderr)
            return 2
        document = json.loads(json.dumps(to_json(measured.inventory)))
        jsonschema.validate(document, schema)
        print(row(measured), flush=True)
    return 0


def measure(package: Path) -> Measured:
    """Scan a package, then parse each of its files, both by CPU time."""
    gc.collect()
    started = time.process_time()
    project = scan(package, Config())
    inventory = take(project)
    scanning = time.process_time() - started
    paths = list(project.sources.python_paths())
    contents = [(package / path).read_bytes() for path in paths]
    return Measured(
        package.name,
        len(paths),
        sum(map(len, contents)) / 1_000_000,
        scanning,
        seconds_to_parse(contents),
        inventory,
    )


def seconds_to_parse(contents: list[bytes]) -> float:
    """Return the CPU time of `ast.parse` on every file."""
    started = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for content in contents:
            try:
                ast.parse(content)
            except (SyntaxError, ValueError):
                continue
    return time.process_time() - started


def row(measured: Measured) -> str:
    """Return a line of the table."""
    found = measured.inventory.orchestrators
    ratio = measured.scanning / measured.parsing if measured.parsing else 0.0
    callers = sum(len(each.callers) for each in found)
    return (
        f"{measured.name:<28}{measured.files:>7}{measured.megabytes:>7.1f}{measured.scanning:>8.2f}"
        f"{measured.parsing:>9.2f}{ratio:>7.2f}{len(found):>12}{measured.refused:>9}{callers:>9}"
        f"{len(measured.inventory.problems):>10}"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
