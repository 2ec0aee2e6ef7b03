#!/usr/bin/env python
"""Ingest links from a file: python scripts/backfill.py links.txt"""

import asyncio
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src"), str(Path(__file__).resolve().parents[1])]

from content_bot.ingest.pipeline import Orchestrator  # noqa: E402


async def backfill(lines):
    orch = Orchestrator(blocked=set())
    report = await orch.ingest_message("\n".join(lines))
    return {"new": len(report.accepted), "again": len(report.duplicates), "bad": sorted(report.rejected)}


def main(argv=None):
    arguments = sys.argv[1:] if argv is None else argv
    lines = Path(arguments[0]).read_text(encoding="utf-8").splitlines()
    counts = asyncio.run(backfill(lines))
    print(f"{counts['new']} new, {counts['again']} known, {len(counts['bad'])} bad")


if __name__ == "__main__":
    main()
