"""Rewriting the callers of modules that move, beside the tools that people would use for it."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from orchestra_codemods.change import Edit, apply_edits
from orchestra_codemods.config import load, locate
from orchestra_codemods.inventory import take
from orchestra_codemods.migrations.callers import CallerEdit, caller_edits
from orchestra_codemods.migrations.orchestrator import MigrateOrchestrators
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.names import forget, importers_of_all
from orchestra_codemods.scan import scan
from tests.benchmarks.bench_plan import initialised, under_git
from tests.benchmarks.bench_scan import BOT
from tests.benchmarks.measure import Clock, Row, command, function, interleaved

BIN = Path(sys.executable).parent
SAMPLE = 20
ROPE = """
import sys
from rope.base.project import Project
from rope.refactor.rename import Rename
root, path, name = sys.argv[1:]
project = Project(root, ropefolder=None)
resource = project.get_resource(path)
Rename(project, resource, resource.read().index(f"class {name}") + 6).get_changes("RenamedByThePeer")
"""


def rows() -> Iterator[Row]:
    """Yield ours against ast-grep and LibCST, and rope and ruff beside them for the scale."""
    with tempfile.TemporaryDirectory() as folder:
        moves = _moves(Path(folder) / "alone")
        root, _ = initialised(Path(folder) / "tree")
        rules = Path(folder) / "rules.yml"
        rules.write_text("---\n".join(_rule(number, move) for number, move in enumerate(moves)))
        copy = Path(folder) / "copy"
        ast_grep = [
            str(BIN / "ast-grep"),
            "scan",
            "--rule",
            str(rules),
            "-U",
            str(copy),
        ]
        clocks = {
            "ours": function(lambda: rewritten(root, moves)),
            "ast-grep": _in_a_copy(ast_grep, root, copy),
            "ruff": command([str(BIN / "ruff"), "check", "-n", "-e", "-q", "--isolated", str(root)]),
        }
        medians = interleaved(clocks, 5)
        what = f"callers of {len(moves)} modules rewritten, {rewritten(root, moves)} files parsed again"
        peer = "ast-grep scan -U"
        yield Row(what, 2.0, peer, medians["ast-grep"], medians["ours"])
        yield Row("  beside: ruff check", None, peer, medians["ast-grep"], medians["ruff"])
        libcst = _codemod(root, copy, moves[0])
        yield Row(what, 1 / 60, f"libcst.tool codemod, from {SAMPLE} files", libcst, medians["ours"])
        yield Row("  beside: rope, one class renamed", None, peer, medians["ast-grep"], _rope(root, moves[0]))


def rewritten(root: Path, moves: Sequence[Placement]) -> int:
    """Find and rewrite every caller with nothing remembered, parse what is written; return how many files."""
    forget()
    project = scan(root, load(locate(root)))
    importers = importers_of_all(project, [move.path for move in moves])
    edits: dict[str, list[Edit]] = {}
    for move in moves:
        for found in caller_edits(project, move, importers[move.path]):
            if isinstance(found, CallerEdit):
                edits.setdefault(found.path, []).append(found.edit)
    for path, wanted in edits.items():
        text = apply_edits(project.sources[path].text, list(dict.fromkeys(wanted)))
        if path.endswith(".py"):
            ast.parse(text)
    return len(edits)


def _moves(root: Path) -> list[Placement]:
    """Return which modules of the application move where nothing stands beside it.

    Among files of strangers none would: some of those look at modules of classes that they do not know.
    """
    shutil.copytree(BOT / "src", root / "src")
    (root / "pyproject.toml").write_text('[project]\nname = "alone"\nversion = "1"\n')
    under_git(root)
    unit = MigrateOrchestrators(remove_on=date(2030, 1, 1), take=take)
    _, composition = unit.compose(scan(root, load(locate(root))))
    assert composition is not None
    return [placement for placement in composition.placements if placement.is_move]


def _rule(number: int, move: Placement) -> str:
    return (
        f"id: move-{number}\nlanguage: python\nmessage: moved\nrule:\n"
        f"  pattern: from {move.module} import $$$NAMES\n"
        f"fix: from {move.new_module} import $$$NAMES\n"
    )


def _in_a_copy(arguments: list[str], root: Path, copy: Path) -> Clock:
    """Return a clock that runs a command on a fresh copy of the tree; copying is not measured."""
    timed = command(arguments)

    def clock() -> float:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(root, copy)
        return timed()

    return clock


def _codemod(root: Path, copy: Path, move: Placement) -> float:
    """Return what LibCST's codemod would need for one name in the tree, from every so many-th file."""
    files = sorted(root.rglob("*.py"), key=lambda path: path.stat().st_size)
    sample = files[len(files) // (2 * SAMPLE) :: len(files) // SAMPLE][:SAMPLE]
    name = move.targets[0].class_name
    base = [sys.executable, "-m", "libcst.tool", "codemod", "rename.RenameCommand", "-j", "1"]
    base += ["--no-format", "--hide-progress", "--old_name", f"{move.module}.{name}"]
    base += ["--new_name", f"{move.new_module}.{name}"]
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    copies = [shutil.copyfile(path, copy / f"{number}_{path.name}") for number, path in enumerate(sample)]
    empty = copy / "empty.py"
    empty.touch()
    seconds = (
        command([*base, *map(str, copies)], accepted=(0, 1))()
        - command([*base, str(empty)], accepted=(0, 1))()
    )
    whole = sum(path.stat().st_size for path in files)
    return seconds * whole / sum(path.stat().st_size for path in sample)


def _rope(root: Path, move: Placement) -> float:
    arguments = [str(root), move.path, move.targets[0].class_name]
    try:
        return command([sys.executable, "-c", ROPE, *arguments])()
    except subprocess.CalledProcessError as error:
        raise RuntimeError(error.stderr.decode()) from error
