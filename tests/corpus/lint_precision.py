"""Run every rule over unpacked packages and print the findings, at random where there are many.

    python -m tests.corpus.lint_precision FOLDER [CODE …]

FOLDER holds one unpacked distribution a sub-folder (`pip download --no-deps`, then unzip); nothing in it
is run.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path

from orchestra_codemods.config import Config
from orchestra_codemods.lint.rule import all_rules
from orchestra_codemods.lint.run import lint
from orchestra_codemods.project import Project, Sources

SAMPLE = 100


def main(folder: Path, codes: list[str]) -> None:
    """Lint each distribution as a project of its own."""
    rules = [rule for rule in all_rules() if not codes or rule.code in codes]
    found = []
    for root in sorted(one for one in folder.iterdir() if one.is_dir()):
        paths = [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]
        project = Project(root, Sources(root, paths), Config())
        report = lint(project, rules)
        found += [(root, one) for one in report.open]
    counts = Counter(one.code for _, one in found)
    for rule in rules:
        print(f"{rule.code} {rule.slug:28} {counts[rule.code]:6} hits")
    if not codes:
        return
    random.Random(0).shuffle(found)
    for root, one in sorted(found[:SAMPLE], key=lambda pair: (pair[0], pair[1].order)):
        lines = (root / one.path).read_text(errors="replace").splitlines()
        print(f"\n=== {root.name}/{one.path}:{one.span.line} {one.rule}: {one.message}")
        for number in range(max(1, one.span.line - 6), min(len(lines), one.span.line + 8) + 1):
            print(f"{'>' if number == one.span.line else ' '}{number:5} {lines[number - 1]}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
