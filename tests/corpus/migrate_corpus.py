"""Migrate real packages, all at once, and take it back (`make corpus`).

    python -m tests.corpus.migrate_corpus [FOLDER]

Of each package in FOLDER (default: those of packages.txt) a repository is made, and there: `init`, a dry
run of `migrate --all` that must write nothing, the migration, a second run that must plan nothing, and
`undo`, which must leave no trace. In between every file that was written has to compile, and every module
that was written has to offer what it offered, or to fail as it failed; what is not installed is made up.
Classes are chosen by wide patterns, because few published packages have any `*Orchestrator`.
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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.corpus.packages import unpacked

KINDS = ("Orchestrator", "Coordinator", "Manager", "Service", "Runner", "Executor", "Handler", "Engine")
PATTERNS = [f"*{kind}" for kind in (*KINDS, "Processor", "Client", "Registry", "Pipeline")]
NEW_NAMES = {"BaseOrchestrator", "OrchestrationLayer", "OrchestrationType", "operation", "background"}
NEW_NAMES |= {"TYPE_CHECKING", "reexport"}
IMPORTABLE = re.compile(r"(?!.*__main__$)[\w.]+")
IMPORTING = Path(__file__).with_name("importing.py")
HEADING = (
    f"{'package':<28}{'candidates':>11}{'refused':>9}{'migrated':>10}{'files':>7}"
    f"{'modules':>9}{'imported':>10}{'plan s':>8}"
)


@dataclass(frozen=True)
class Copy:
    """A package as a repository, with a state of its own."""

    root: Path
    state: Path

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
        own = {entry.name.removesuffix(".py") for entry in self.root.iterdir()}
        environment = {**os.environ, "ANSWER": str(writer), "PYTHONPATH": ".", "PYTHONDONTWRITEBYTECODE": "1"}
        with subprocess.Popen(
            [sys.executable, str(IMPORTING), *own],
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
    print(HEADING)
    harmed = False
    for package in unpacked(arguments):
        with tempfile.TemporaryDirectory() as folder:
            wrong = migrate_package(package, Path(folder))
        harmed |= bool(wrong)
        print(*wrong, sep="\n", end="\n" if wrong else "", flush=True)
    return int(harmed)


def migrate_package(package: Path, folder: Path) -> list[str]:
    """Migrate a package in a copy and take it back; return what went wrong."""
    copy = Copy(shutil.copytree(package, folder / package.name), folder / "state")
    settings = f"[tool.orchestra]\npatterns = {json.dumps(PATTERNS)}\n"
    (copy.root / "pyproject.toml").write_text(settings)
    copy.git("init", "--quiet")
    copy.commit()
    copy.orchestra("init", "--package", "orchestrators")
    before = copy.commit()
    scanned = json.loads(copy.orchestra("scan", "--output-format", "json")[1])["orchestrators"]
    wrong: list[str] = []

    started = time.perf_counter()
    planned = copy.migrate("--dry-run")
    seconds = time.perf_counter() - started
    if copy.git("status", "--porcelain"):
        wrong.append(f"{package.name}: a dry run wrote into the tree")
    modules = [
        one["path"].removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for one in planned["changes"]
        if one["kind"] == "edit" and one["path"].endswith(".py")
    ]
    modules = [
        name for name in modules if IMPORTABLE.fullmatch(name) and not name.startswith("orchestrators.")
    ]
    offered = copy.offered(modules)

    done = copy.migrate()
    if done["changes"] != planned["changes"]:
        wrong.append(f"{package.name}: the dry run announced other changes")
    wrong += [f"{package.name}: {line}" for line in not_compiling(copy.root, done["changes"])]
    wrong += [f"{package.name}: {line}" for line in different(offered, copy.offered(modules))]
    copy.commit()
    again = [one["path"] for one in copy.migrate("--dry-run")["changes"]]
    if again:
        wrong.append(f"{package.name}: a second run wants to change {again}")
    if done["changes"]:
        copy.orchestra("undo")
    if copy.commit() != before:
        wrong.append(f"{package.name}: undo left traces")

    migrated = sum(1 for one in done["changes"] if one["path"].startswith("docs/migrations/"))
    print(
        f"{package.name:<28}{len(scanned):>11}{sum(1 for one in scanned if one['refused']):>9}{migrated:>10}"
        f"{len(done['changes']):>7}{len(modules):>9}"
        f"{sum(isinstance(one, dict) for one in offered.values()):>10}{seconds:>8.1f}"
    )
    return wrong


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
