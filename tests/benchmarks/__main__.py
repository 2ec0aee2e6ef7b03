"""Run every benchmark, print the table, write it as JSON, and fail on a ratio far beyond its target."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path

from tests.benchmarks.measure import Row

TOLERANCE = 1.5
"""A ratio may exceed its target by this factor before the run fails: machines are noisy."""


def main() -> int:
    """Measure the groups named on the command line, or all of them."""
    options = _options()
    rows = [row for name in _groups(options.groups) for row in _measure(name)]
    report = {"schema": "orchestra/bench/1", "rows": [row.as_json() for row in rows]}
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report, indent=2) + "\n")
    too_slow = [row for row in rows if row.target is not None and row.ratio > TOLERANCE * row.target]
    for row in too_slow:
        print(f"too slow: {row.what}: {row.ratio:.2f} x, target {row.target} x", file=sys.stderr)
    return 1 if too_slow else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("groups", nargs="*", help="the groups to measure; all when left out")
    parser.add_argument("--json", type=Path, default=Path(".cache/bench.json"))
    return parser.parse_args()


def _groups(wanted: list[str]) -> list[str]:
    found = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    return [name for name in found if not wanted or name.removeprefix("bench_") in wanted]


def _measure(name: str) -> list[Row]:
    print(f"\n{name.removeprefix('bench_')}", flush=True)
    rows: list[Row] = []
    for row in importlib.import_module(f"tests.benchmarks.{name}").rows():
        target = f"{row.target:g} x" if row.target is not None else "-"
        times = f"{row.peer}: {row.peer_text:>9}   ours: {row.ours_text:>9}"
        print(f"  {row.what:<52} target {target:>7}   {times}   ratio {row.ratio:.3g}", flush=True)
        rows.append(row)
    return rows


if __name__ == "__main__":
    sys.exit(main())
