"""Migrate real packages, all at once, and take it back (`make corpus`).

    python -m tests.corpus.migrate_corpus [FOLDER] [--only NAME] [--write] [--diffs FOLDER]

Of each package in FOLDER (default: those of packages.txt) a repository is made, and there: `init`, a dry
run of `migrate --all` that must write nothing, the migration, a second run that must plan nothing, and
`undo`, which must leave no trace. In between every file that was written has to compile, and every module
that was written has to offer what it offered, or to fail as it failed. Packages in dependencies/ are imported
with what they depend on; what others need and is not installed is made up. Those in own_tests.txt are
migrated with `--test-command`: a class that makes one of its tests worse is wrong, though it is refused.
Classes are chosen by wide patterns, because few published packages have any `*Orchestrator`.

--only takes the packages whose names begin so. --write keeps their rows and writes
docs/reference/migrated-packages.md from all that are kept; --diffs keeps each package's diff in a file.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.corpus import migrated_page as page
from tests.corpus.packages import interpreter, own_tests, unpacked

KINDS = """
Agent Builder Cache Client Controller Converter Coordinator Dispatcher Embedder Engine Evaluator Executor
Extractor Factory Generator Handler Joiner Loader Manager Monitor Observer Orchestrator Parser Pipeline
Processor Provider Ranker Reader Registry Retriever Router Runner Scheduler Service Splitter Store Tracker
Worker Writer
"""
PATTERNS = [f"*{kind}" for kind in KINDS.split()]
NEW_NAMES = {"BaseOrchestrator", "OrchestrationLayer", "OrchestrationType", "operation", "background"}
NEW_NAMES |= {"TYPE_CHECKING", "reexport"}
IMPORTABLE = re.compile(r"(?!.*__main__$)[\w.]+")
IMPORTING = Path(__file__).with_name("importing.py")


@dataclass(frozen=True)
class Copy:
    """A package as a repository, with a state of its own."""

    root: Path
    state: Path
    python: Path | None

    def orchestra(self, *arguments: str) -> tuple[int, str]:
        """Run a command; return its exit code and its stdout, and fail on an error of ours."""
        environment = {**os.environ, "XDG_STATE_HOME": str(self.state), "XDG_CACHE_HOME": str(self.state)}
        command = [str(Path(sys.executable).with_name("orchestra")), *arguments]
        done = subprocess.run(
            command, cwd=self.root, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode not in (0, 1):
            raise AssertionError(f"{arguments} in {self.root.name}: {done.returncode}\n{done.stderr}")
        return done.returncode, done.stdout

    def migrate(self, *options: str) -> dict[str, Any]:
        """Migrate everything and return what is reported."""
        document: dict[str, Any] = json.loads(
            self.orchestra("migrate", "--all", "--output-format", "json", *options)[1]
        )
        return document

    def git(self, *arguments: str) -> str:
        """Run git, which must succeed."""
        who = ("-c", "user.name=corpus", "-c", "user.email=corpus@localhost")
        done = subprocess.run(
            ["git", *who, *arguments], cwd=self.root, capture_output=True, text=True, check=True
        )
        return done.stdout

    def commit(self) -> str:
        """Commit everything and return the tree's digest."""
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", "--message", "as it is")
        return self.git("rev-parse", "HEAD^{tree}").strip()

    def offered(self, modules: list[str]) -> dict[str, Any]:
        """Return what modules offer, imported one by one in processes of their own."""
        reader, writer = os.pipe()
        own = [] if self.python else [entry.name.removesuffix(".py") for entry in self.root.iterdir()]
        environment = {**os.environ, "ANSWER": str(writer), "PYTHONPATH": ".", "PYTHONDONTWRITEBYTECODE": "1"}
        with subprocess.Popen(
            [str(self.python or sys.executable), str(IMPORTING), *own],
            cwd=self.root,
            env={**environment, "PYTHONHASHSEED": "0"},
            pass_fds=[writer],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as child:
            os.close(writer)
            assert child.stdin is not None
            child.stdin.write("\n".join(modules))
            child.stdin.close()
            with os.fdopen(reader) as answers:
                return dict(json.loads(line) for line in answers)


def main(arguments: list[str]) -> int:
    """Migrate each package; exit with 1 where one of them was harmed."""
    options = dict(pairwise(arguments))
    diffs = Path(options["--diffs"]).resolve() if "--diffs" in options else None
    folders = [one for one in arguments[:1] if not one.startswith("--")]
    print(page.Row.heading())
    rows: list[page.Row] = []
    for package in unpacked(folders):
        if not package.name.startswith(options.get("--only", "")):
            continue
        with tempfile.TemporaryDirectory() as folder:
            row, wrong = migrate_package(package, Path(folder), diffs)
        rows.append(replace(row, wrong=len(wrong)))
        print(rows[-1].line(), *wrong, sep="\n", flush=True)
    if "--write" in arguments:
        page.write(rows)
    return int(any(row.wrong for row in rows))


def migrate_package(package: Path, folder: Path, diffs: Path | None = None) -> tuple[page.Row, list[str]]:
    """Migrate a package in a copy and take it back; return what was done, and what went wrong."""
    copy = prepared(package, folder)
    before = copy.commit()
    scanned = json.loads(copy.orchestra("scan", "--output-format", "json")[1])["orchestrators"]
    started = time.perf_counter()
    planned = copy.migrate("--dry-run")
    seconds = time.perf_counter() - started
    wrong = ["a dry run wrote into the tree"] if copy.git("status", "--porcelain") else []
    modules = [name for name in map(module_of, planned["changes"]) if name]
    offered = copy.offered(modules)

    done, tests, worse = migrated(copy, package, planned)
    wrong += worse
    wrong += not_compiling(copy.root, done["changes"])
    wrong += different(offered, copy.offered(modules))
    copy.commit()
    if diffs:
        (diffs / f"{package.name}.diff").write_text(copy.git("show", "--find-renames=30%", "HEAD"))
    again = [one["path"] for one in copy.migrate("--dry-run")["changes"]]
    wrong += [f"a second run wants to change {again}"] if again else []
    if done["changes"]:
        copy.orchestra("undo")
    wrong += ["undo left traces"] if copy.commit() != before else []

    row = page.Row(
        package=package.name,
        files=sum(1 for _ in package.rglob("*.py")),
        dependencies="real" if copy.python else "made up",
        candidates=len(scanned),
        migrated=sum(one["path"].startswith("docs/migrations/") for one in done["changes"]),
        changed=len(done["changes"]),
        compared=len(modules),
        imported=sum(isinstance(one, dict) for one in offered.values()),
        tests=tests,
        seconds=seconds,
    )
    return row, [f"{package.name}: {line}" for line in wrong]


def prepared(package: Path, folder: Path) -> Copy:
    """Return a copy of a package as a repository, with its own tests where it has any, and the layers."""
    root = shutil.copytree(package, folder / package.name)
    copy = Copy(root, folder / "state", interpreter(package))
    settings = f"[tool.orchestra]\npatterns = {json.dumps(PATTERNS)}\n"
    settings += f'python = "{copy.python}"\n' if copy.python else ""
    (root / "pyproject.toml").write_text(settings)
    chosen = own_tests(package)
    if chosen is not None:
        shutil.copytree(chosen[0], root / "tests")
    copy.git("init", "--quiet")
    copy.commit()
    copy.orchestra("init", "--package", "orchestrators")
    return copy


def migrated(copy: Copy, package: Path, planned: dict[str, Any]) -> tuple[dict[str, Any], str, list[str]]:
    """Migrate, with the package's own tests where it has any; return the report, the tests, what is wrong."""
    chosen = own_tests(package)
    if chosen is None:
        done, tests = copy.migrate(), ""
    else:
        command = f"{copy.python} -m pytest -q -p no:cacheprovider -o asyncio_mode=auto {' '.join(chosen[1])}"
        done = copy.migrate("--test-command", command)
        tests, worse = "{before[passed]} → {after[passed]}".format_map(done["tests"]), done["tests"]["worse"]
        if worse:
            return done, tests, [f"{one['test']} is {one['after']} after a change" for one in worse]
    is_same = done["changes"] == planned["changes"]
    return done, tests, [] if is_same else ["the dry run announced other changes"]


def module_of(change: dict[str, Any]) -> str | None:
    """Return the module that a change edits and that can be imported before and after."""
    path = change["path"]
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    is_edit = change["kind"] == "edit" and path.endswith(".py")
    is_own = not name.startswith(("orchestrators.", "tests."))
    return name if is_edit and is_own and IMPORTABLE.fullmatch(name) else None


def not_compiling(root: Path, changes: list[dict[str, Any]]) -> list[str]:
    """Return a line for each file that was written and does not compile."""
    wrong = []
    for change in changes:
        if change["kind"] != "delete" and change["path"].endswith(".py"):
            try:
                compile((root / change["path"]).read_bytes(), change["path"], "exec", dont_inherit=True)
            except SyntaxError as error:
                wrong.append(f"{change['path']} does not compile: {error}")
    return wrong


def different(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return a line for each module that no longer offers what it did."""
    wrong = []
    for name, offered in before.items():
        now = after.get(name)
        if isinstance(offered, dict) and isinstance(now, dict):
            # A package no longer has a submodule as an attribute that it imported itself and that has moved.
            kept = {key: value for key, value in offered.items() if value != "module" or key in now}
            lost = {key: (value, now.get(key)) for key, value in kept.items() if now.get(key) != value}
            new = now.keys() - offered.keys() - NEW_NAMES
            if lost or new:
                wrong.append(f"{name} offers something else: {lost} {sorted(new)}")
        elif now != offered:
            wrong.append(f"{name} {_short(offered)!r} became {_short(now)!r}")
    return wrong


def _short(offered: Any) -> str:
    return "imports" if isinstance(offered, dict) else str(offered)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
