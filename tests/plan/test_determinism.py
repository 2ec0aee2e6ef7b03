"""A plan depends on the files and on nothing else: not on their order, the hash seed, or who else plans."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

BOT = Path(__file__).parents[2] / "docs" / "examples" / "legacy_bot"
PLAN = """
import json, random, sys
from datetime import date
from pathlib import Path
from orchestra_codemods.config import load, locate
from orchestra_codemods.inventory import take, to_json
from orchestra_codemods.migrations.orchestrator import MigrateOrchestrators
from orchestra_codemods.plan import plan
from orchestra_codemods.project import Project, Sources
from orchestra_codemods.scan import scan
from orchestra_codemods.verify import verify

root, callers, seed = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
scanned = scan(root, load(locate(root)))
paths = list(scanned.sources)
random.Random(seed).shuffle(paths)
project = Project(root, Sources(root, paths), scanned.config, scanned.skipped)
unit = MigrateOrchestrators(remove_on=date(2030, 1, 1), take=take, callers=callers)
replan = lambda now, without: plan(now, [unit.leaving_out(without)])
made = verify(project, replan(project, frozenset()), replan)
print(json.dumps([
    to_json(take(project)),
    [[repr(c.before and c.before.digest), c.path, c.after and c.after.text, c.because, c.units, repr(c.proof),
      repr(c.names), repr(c.calls)] for c in made.changes],
    [repr(one) for one in (*made.findings, *made.refusals)],
], default=repr))
"""


@pytest.fixture(scope="module")
def legacy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The legacy application without its tests, with a package for orchestrators."""
    root = tmp_path_factory.mktemp("deterministic") / "bot"
    shutil.copytree(BOT, root, ignore=shutil.ignore_patterns("tests", "docs"))
    subprocess.run(
        [sys.executable, "-m", "orchestra_cli", "init", "--quiet"], cwd=root, check=True, capture_output=True
    )
    return root


def started(root: Path, callers: str, seeds: Sequence[int]) -> list[subprocess.Popen[str]]:
    """Plan in as many processes at once as there are seeds, each with its own order and hash seed."""
    return [
        subprocess.Popen(
            [sys.executable, "-c", PLAN, str(root), callers, str(seed)],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in seeds
    ]


@pytest.mark.parametrize("callers", ["imports", pytest.param("facade-instances", marks=pytest.mark.soak)])
def test_any_order_hash_seed_and_number_of_processes_gives_the_same_plan(legacy: Path, callers: str) -> None:
    alone = [started(legacy, callers, [0])[0].communicate()[0]]
    together = [process.communicate()[0] for process in started(legacy, callers, [1, 4_242])]
    first, *others = [json.loads(text) for text in (*alone, *together)]
    assert first[1]
    for other in others:
        assert first == other
