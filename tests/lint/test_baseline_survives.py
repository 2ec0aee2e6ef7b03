"""A baseline knows what it knew after any refactoring that changes no symbol and no statement."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable

import black
import isort
import pytest

from orchestra_codemods.lint.baseline import Baseline
from orchestra_codemods.lint.run import lint
from orchestra_codemods.lint.selection import selected
from tests.lint.planted import HEAD, PLANTED
from tests.lint.planted_orchestrators import PLANTED_ORCHESTRATORS
from tests.support.lint import TODAY, project_of

OF_ORCHESTRATORS = (
    "bad-orchestrate-signature",
    "context-not-derived",
    "many-entry-points",
    "missing-lifecycle-log",
    "missing-metadata",
    "non-stepresult-return",
    "nondeterminism-outside-step",
    "open-operation-routing",
    "own-logger",
    "reserved-log-key",
    "unchecked-kwarg",
    "undocumented-orchestrator",
)
"""What one file says, whatever its path: the others depend on where it stands, as they should."""
RULES = selected(["ORC1", *OF_ORCHESTRATORS])
TIMES, TIMES_IN_FULL = 60, 1000


def _start() -> dict[str, str]:
    tasks = {slug: HEAD + texts[0] for slug, texts in PLANTED.items()}
    orchestrators = {slug: PLANTED_ORCHESTRATORS[slug][0].partition("\n")[2] for slug in OF_ORCHESTRATORS}
    return {
        f"src/{slug.replace('-', '_')}.py": text for slug, text in sorted((tasks | orchestrators).items())
    }


def _rename(files: dict[str, str], chance: random.Random) -> dict[str, str]:
    return {f"lib/{chance.randrange(10**6)}_{path.rpartition('/')[2]}": text for path, text in files.items()}


def _reformat(files: dict[str, str], chance: random.Random) -> dict[str, str]:
    """Quotes, parentheses, line breaks, comments and blank lines as no formatter has them."""
    chosen = chance.choice(sorted(files))
    return files | {chosen: ast.unparse(ast.parse(files[chosen])) + "\n"}


def _black(files: dict[str, str], chance: random.Random) -> dict[str, str]:
    """Format a file as black does, with lines of some length."""
    chosen = chance.choice(sorted(files))
    mode = black.Mode(
        line_length=chance.choice([40, 60, 88, 120]), magic_trailing_comma=chance.random() < 0.5
    )
    return files | {chosen: black.format_str(files[chosen], mode=mode)}


def _isort(files: dict[str, str], chance: random.Random) -> dict[str, str]:
    """Sort the imports of a file as isort does, by one of its profiles."""
    chosen = chance.choice(sorted(files))
    shuffled = files[chosen].replace("import asyncio\nimport logging\n", "import logging\nimport asyncio\n")
    return files | {chosen: isort.code(shuffled, profile=chance.choice(["black", "google", "pycharm"]))}


def _move_down(files: dict[str, str], chance: random.Random) -> dict[str, str]:
    chosen = chance.choice(sorted(files))
    more = f"def added_{chance.randrange(10**6)}():\n    return {chance.randrange(9)}\n\n\n"
    return files | {
        chosen: files[chosen].replace(HEAD, HEAD + more, 1) if HEAD in files[chosen] else files[chosen]
    }


def _reorder(files: dict[str, str], chance: random.Random) -> dict[str, str]:
    """Shuffle the methods of classes: an order that Python does not care for."""
    chosen = chance.choice(sorted(files))
    tree = ast.parse(files[chosen])
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and all(
            isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) for one in node.body
        ):
            chance.shuffle(node.body)
    return files | {chosen: ast.unparse(tree) + "\n"}


def _windows_lines(files: dict[str, str], chance: random.Random) -> dict[str, str]:
    chosen = chance.choice(sorted(files))
    return files | {chosen: files[chosen].replace("\r\n", "\n").replace("\n", "\r\n")}


WAYS: tuple[Callable[[dict[str, str], random.Random], dict[str, str]], ...] = (
    _rename,
    _reformat,
    _move_down,
    _isort,
    _black,
    _reorder,
    _windows_lines,
)


def test_random_refactorings_bring_no_new_finding(request: pytest.FixtureRequest) -> None:
    times = TIMES_IN_FULL if request.config.getoption("--soak") else TIMES
    start = lint(project_of(_start()), RULES, today=TODAY).open
    known = Baseline.of(start)
    assert {one.rule for one in start} >= {*PLANTED, *OF_ORCHESTRATORS}
    for seed in range(times):
        chance = random.Random(seed)
        files = _start()
        for _ in range(chance.randrange(1, 8)):
            files = chance.choice(WAYS)(files, chance)
        new, old = known.split(lint(project_of(files), RULES, today=TODAY).open)
        assert (new, len(old)) == ((), len(start)), f"seed {seed}"
