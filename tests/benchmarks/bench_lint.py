"""Lint against parsing the same tree, beside ruff, import-linter and Fixit, and when nothing has changed."""

from __future__ import annotations

import ast
import os
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from orchestra_codemods.config import Config
from orchestra_codemods.lint.cache import Cache, key_of
from orchestra_codemods.lint.run import lint
from orchestra_codemods.lint.selection import selected
from orchestra_codemods.project import Project
from orchestra_codemods.scan import scan
from tests.benchmarks.measure import Row, command, function, interleaved

LEGACY = Path(__file__).parents[2] / "docs" / "examples" / "legacy_bot" / "src"
COPIES = 5
SIZE = 10_000_000


def rows() -> Iterator[Row]:
    """Yield rows for a tree of 10 MB: copies of the legacy application among modules of the standard
    library.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = _tree(Path(folder) / "tree")
        os.environ["ORCHESTRA_CACHE_DIR"] = os.environ["RUFF_CACHE_DIR"] = str(Path(folder) / "cache")
        yield from _cold(root)
        yield from _peers(root, Path(folder))
        yield from _warm(root, Path(folder))


def _cold(root: Path) -> Iterator[Row]:
    project, rules = scan(root, Config()), selected()
    files = [root / path for path in project.sources.python_paths()]
    clocks = {
        "parse": function(lambda: _parse(files)),
        "lint": function(lambda: lint(Project(root, project.sources.updated(()), Config()), rules)),
        "ruff": command([_ruff(), "check", "--no-cache", "--exit-zero", "--quiet", "--isolated", str(root)]),
    }
    medians = interleaved(clocks, rounds=5)
    what = f"lint, cold, {len(files)} files"
    yield Row(what, 0.5, "ast.parse of each", medians["parse"], medians["lint"])
    yield Row("  beside: ruff check, cold", None, "ast.parse of each", medians["parse"], medians["ruff"])


def _peers(root: Path, folder: Path) -> Iterator[Row]:
    """Yield what other linters in Python cost on the same tree.

    Fixit is timed on one copy of the application, against parsing that copy: on all it would take minutes.
    """
    contract = folder / "layers.toml"
    contract.write_text(CONTRACT)
    part = sorted((root / "app0").rglob("*.py"))
    files = sorted(root.rglob("*.py"))
    copy = scan(root / "app0", Config())
    imports = [_beside("lint-imports"), "--config", str(contract), "--no-cache"]
    fixit = [_beside("fixit"), "--quiet", "lint", str(root / "app0")]
    clocks = {
        "parse": function(lambda: _parse(files)),
        "imports": command(imports, cwd=folder, env={"PYTHONPATH": str(folder)}),
        "parse part": function(lambda: _parse(part)),
        "fixit": command(["sh", "-c", '"$@" || true', "sh", *fixit], cwd=root),
        "lint part": function(lambda: _lint_again(copy)),
    }
    medians = interleaved(clocks, rounds=3)
    yield Row(
        "  beside: import-linter, no cache", None, "ast.parse of each", medians["parse"], medians["imports"]
    )
    one = "ast.parse of one copy"
    yield Row("  beside: fixit on one copy", None, one, medians["parse part"], medians["fixit"])
    yield Row("  beside: lint of one copy", None, one, medians["parse part"], medians["lint part"])


def _lint_again(project: Project) -> None:
    lint(Project(project.root, project.sources.updated(()), Config()), selected())


def _warm(root: Path, folder: Path) -> Iterator[Row]:
    program = (
        "import sys; sys.argv[1:] = ['lint', '--no-ruff']; from orchestra_cli.__main__ import main; main()"
    )
    project, rules = scan(root, Config()), selected()
    file, key = folder / "analyses.json", key_of(rules, Config())
    lint(project, rules, cache=Cache(file, key))
    clocks = {
        "ruff": command([_ruff(), "check", "--exit-zero", "--quiet", "--select", "E9", "."], cwd=root),
        "lint": command([sys.executable, "-c", program], cwd=root),
        "pass": command([sys.executable, "-c", "pass"]),
        "cache": function(
            lambda: lint(Project(root, project.sources.updated(()), Config()), rules, cache=Cache(file, key))
        ),
        "plain": function(lambda: lint(Project(root, project.sources.updated(()), Config()), rules)),
    }
    medians = interleaved(clocks)
    yield Row("lint, nothing changed", 1.5, "ruff check --select E9, warm", medians["ruff"], medians["lint"])
    yield Row("  beside: against python -c pass", None, "python -c pass", medians["pass"], medians["lint"])
    yield Row(
        "  beside: one file changed (cache of analyses)", None, "no cache", medians["plain"], medians["cache"]
    )


CONTRACT = """[tool.importlinter]
root_packages = ["tree"]

[[tool.importlinter.contracts]]
name = "the applications stay apart"
type = "independence"
modules = ["tree.app0", "tree.app1", "tree.app2", "tree.app3", "tree.app4"]
"""


def _parse(files: list[Path]) -> None:
    for file in files:
        try:
            ast.parse(file.read_bytes())
        except (SyntaxError, ValueError):
            continue


def _tree(root: Path) -> Path:
    for number in range(COPIES):
        shutil.copytree(LEGACY, root / f"app{number}" / "src")
    (root / "pyproject.toml").write_text("[project]\nname = 'bench'\nversion = '1'\n")
    size = sum(path.stat().st_size for path in root.rglob("*.py"))
    library = Path(sysconfig.get_paths()["stdlib"])
    for path in sorted(library.rglob("*.py")):
        inside = path.relative_to(library)
        if {"site-packages", "test", "tests", "lib2to3", "idlelib"} & set(inside.parts) or size >= SIZE:
            continue
        target = root / "library" / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        size += path.stat().st_size
    for folder in [root, *(path for path in root.rglob("*") if path.is_dir())]:
        (folder / "__init__.py").touch()  # import-linter looks at packages alone
    return root


def _ruff() -> str:
    return _beside("ruff")


def _beside(program: str) -> str:
    beside = Path(sys.executable).with_name(program)
    return str(beside) if beside.is_file() else str(shutil.which(program))
