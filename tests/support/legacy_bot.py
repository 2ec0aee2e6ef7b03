"""The bundled legacy application, prepared for a migration, migrated, and run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

from orchestra_codemods.change import Plan
from orchestra_codemods.config import Config
from orchestra_codemods.inventory import take
from orchestra_codemods.migrations.orchestrator import MigrateOrchestrators
from orchestra_codemods.plan import plan
from orchestra_codemods.project import Project
from orchestra_codemods.scan import scan
from orchestra_codemods.verify import verify
from orchestra_templates.rendering import render_project

APPLICATION = Path(__file__).parents[2] / "docs" / "examples" / "legacy_bot"
CONFIG = Config(package="core.orchestration")
TELLS_EVERY_IMPORT = """
import importlib, os, sys, warnings
warnings.simplefilter("ignore")
for name in sys.stdin.read().split():
    if os.fork() == 0:
        try:
            importlib.import_module(name)
        except Exception as error:
            print(name, type(error).__name__, flush=True)
        os._exit(0)
    os.wait()
"""


def prepared(root: Path) -> Path:
    """Copy the application to a folder and give it the package for orchestrators."""
    shutil.copytree(APPLICATION, root, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for path, text in render_project("content_bot.step_result").items():
        file = root / "src" / "core" / "orchestration" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (root / "src" / "core" / "__init__.py").touch()
    return root


def written_fates() -> dict[str, str]:
    """Return what the application's map says of each class, by its dotted name."""
    rows = (APPLICATION / "SHAPES.md").read_text().split("## The classes")[1].splitlines()
    cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows if row.startswith("| ")]
    return {f"{module}.{name}": fate for name, module, _, fate in cells if "." in module}


def migrated_classes() -> list[str]:
    """Return the dotted names of the classes that the map says are migrated."""
    return [name for name, fate in written_fates().items() if fate == "migrated"]


def migration(
    root: Path,
    *names: str,
    placement: str = "auto",
    callers: str = "imports",
    dependencies: str = "eager",
) -> tuple[Project, Plan]:
    project = scan(root, CONFIG)
    unit = MigrateOrchestrators(
        names=names,
        placement=placement,  # type: ignore[arg-type]
        callers=callers,  # type: ignore[arg-type]
        dependencies=dependencies,  # type: ignore[arg-type]
        owner="platform",
        remove_on=date(2027, 2, 20),
        take=take,
    )

    def replan(current: Project, without: frozenset[str]) -> Plan:
        return plan(current, [unit.leaving_out(without)])

    return project, verify(project, plan(project, [unit]), replan)


def run_in(root: Path, *command: str, **options: str) -> str:
    ours = ("PYTHON", "PYTEST", "COV_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    environment = {**kept, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": "src:.", **options}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    done = subprocess.run(
        [sys.executable, *command], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tree(root: Path) -> dict[str, bytes]:
    files = (path for path in sorted(root.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def outcomes(root: Path) -> dict[str, str]:
    """Run the application's tests and return the outcome of each."""
    plugins = ("-p", "pytest_asyncio.plugin", "-p", "no:cacheprovider")
    output = run_in(root, "-m", "pytest", *plugins, "-rA", "-q", "--tb=short")
    return {name: state for state, name in re.findall(r"^(PASSED|FAILED|ERROR) (\S+)", output, re.MULTILINE)}


def complaints(root: Path) -> Counter[tuple[str, str]]:
    """Return what ruff says by the application's own settings: each code with the line that it is about.

    An import block out of order is counted by its code alone, as its file may move.
    """
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "json", "."],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    found: Counter[tuple[str, str]] = Counter()
    for each in json.loads(done.stdout):
        lines = Path(each["filename"]).read_text().splitlines()
        text = lines[each["location"]["row"] - 1].strip()
        found[each["code"], "" if each["code"] == "I001" else text] += 1
    return found


def not_importable(root: Path) -> set[str]:
    """Return what cannot be imported when it is the first module to be imported in a fresh process."""
    paths = (path.relative_to(root / "src") for path in sorted((root / "src").rglob("*.py")))
    names = [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in paths]
    names = [name for name in names if not name.endswith("__main__")]
    done = subprocess.run(
        [sys.executable, "-c", TELLS_EVERY_IMPORT],
        input="\n".join(names),
        cwd=root,
        env={**os.environ, "PYTHONPATH": "src:.", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines())
