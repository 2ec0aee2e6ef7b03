"""Several processes, where the work is worth their cost: beyond a second, in chunks by bytes, largest
first.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from orchestra_codemods.config import Config
from orchestra_codemods.lint.analysis import Analyser, Analysis
from orchestra_codemods.lint.selection import selected

WORTH = 6_000_000
"""Bytes to parse from which on processes pay: about a second and a half of work."""


def worthwhile(sizes: Iterable[int], jobs: int) -> int:
    """Return how many processes to use; 1 means this one. ``jobs`` 0 leaves it to us."""
    if jobs == 1 or "fork" not in multiprocessing.get_all_start_methods():
        return 1
    if jobs > 1:
        return jobs
    return min(os.cpu_count() or 1, 8) if sum(sizes) >= WORTH else 1


def analyse_in_processes(
    root: Path, config: Config, codes: Sequence[str], sizes: dict[str, int], jobs: int
) -> dict[str, Analysis | str]:
    """Return the analysis of each file, or why it could not be read."""
    chunks: list[list[str]] = [[] for _ in range(jobs * 4)]
    loads = [0] * len(chunks)
    for path in sorted(sizes, key=lambda one: (-sizes[one], one)):
        lightest = loads.index(min(loads))
        chunks[lightest].append(path)
        loads[lightest] += sizes[path]
    context = multiprocessing.get_context("fork")
    found: dict[str, Analysis | str] = {}
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        for part in pool.map(_work, [(root, config, tuple(codes), chunk) for chunk in chunks if chunk]):
            found.update(part)
    return found


def _work(job: tuple[Path, Config, tuple[str, ...], list[str]]) -> dict[str, Analysis | str]:
    root, config, codes, paths = job
    analyser = Analyser(selected(codes), config)
    found: dict[str, Analysis | str] = {}
    for path in paths:
        try:
            found[path] = analyser.analyse(path, (root / path).read_bytes())
        except Exception as error:  # noqa: BLE001 - one file must not end the run of all
            found[path] = str(error)
    return found
