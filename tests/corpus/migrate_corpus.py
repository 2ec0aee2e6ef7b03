"""Migrate real packages, all at once, and take it back (`make corpus`).

    python -m tests.corpus.migrate_corpus [FOLDER] [--only NAME] [--placement WHERE] [--limit SECONDS]
        [--diffs FOLDER] [--write]

Of each package in FOLDER (default: those of packages.txt) a repository is made, and there: `init`, a dry
run of `migrate --all` that must write nothing, the migration, a second run that must plan nothing, and
`undo`, which must leave no trace. In between every file that was written has to compile, and every module
that was written has to offer what it offered, or to fail as it failed. Packages in dependencies/ are imported
with what they depend on; what others need and is not installed is made up. Those in own_tests.txt are
migrated with `--test-command`: a class that makes one of its tests worse is wrong, though it is refused; a
test that comes and goes by itself is printed, and makes nobody wrong.
Classes are chosen by wide patterns, because few published packages have any `*Orchestrator`.

--only takes the packages whose names begin so. --placement is that of `migrate`, `auto` by default. --limit
is how long a package may take (default: an hour); what is not done then is stopped, and its row says so.
--write keeps the rows and writes docs/reference/migrated-packages.md from all that are kept; --diffs keeps
each package's diff in a file.
"""

from __future__ import annotations

import ast
import json
import re
import sys
import tempfile
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.corpus import migrated_page as page
from tests.corpus import refusal_reasons
from tests.corpus.copied import Copy, OutOfTimeError, prepared
from tests.corpus.packages import own_tests, unpacked

LIMIT = 3600.0
NEW_NAMES = {"BaseOrchestrator", "OrchestrationLayer", "OrchestrationType", "operation", "background"}
NEW_NAMES |= {"TYPE_CHECKING", "reexport"}
IMPORTABLE = re.compile(r"(?!.*__main__$)[\w.]+")
FROM = re.compile(r"^from ([\w.]+) import", re.MULTILINE)
LIKE_ORCHESTRATORS = re.compile(
    r"(Orchestrator|Coordinator|Manager|Runner|Scheduler|Dispatcher|Engine|Service)$"
)


def main(arguments: list[str]) -> int:
    """Migrate each package; exit with 1 where one of them was harmed or not finished."""
    options = dict(pairwise(arguments))
    diffs = Path(options["--diffs"]).resolve() if "--diffs" in options else None
    placement = options.get("--placement", page.DEFAULT)
    limit = float(options.get("--limit", LIMIT))
    folders = [one for one in arguments[:1] if not one.startswith("--")]
    print(page.Row.heading())
    is_bad = False
    for package in unpacked(folders):
        if not package.name.startswith(options.get("--only", "")):
            continue
        row: page.Row | page.Unfinished
        reasons: refusal_reasons.Reasons = {}
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            try:
                copy = prepared(package, Path(folder), limit, placement)
                made, reasons, wrong = migrate_package(package, copy, diffs)
                row = replace(made, wrong=len(wrong))
            except OutOfTimeError:
                row, wrong = page.Unfinished(package.name, placement, limit), ["stopped: out of time"]
        print(row.line(), *wrong, sep="\n", flush=True)
        is_bad |= bool(wrong)
        if "--write" in arguments:
            if placement == page.DEFAULT:
                refusal_reasons.keep(package.name, reasons)
            page.keep(row)
            page.PAGE.write_text(page.rendered(), encoding="utf-8")
    return int(is_bad)


def migrate_package(
    package: Path, copy: Copy, diffs: Path | None = None
) -> tuple[page.Row, refusal_reasons.Reasons, list[str]]:
    """Migrate a package in a copy and take it back; return what was done, what was refused, what is wrong."""
    before = copy.commit()
    found = json.loads(copy.orchestra("scan", "--output-format", "json")[1])["orchestrators"]
    scanned = [one for one in found if not of_tests(one["path"])]
    started = time.perf_counter()
    planned = copy.migrate("--dry-run")
    seconds = time.perf_counter() - started
    wrong = ["a dry run wrote into the tree"] if copy.git("status", "--porcelain") else []
    plain = {one["name"] for one in scanned if is_plain(copy.root, one)}
    modules = [name for name in map(module_of, planned["changes"]) if name]
    offered = copy.offered(modules)

    done, tests, worse = migrated(copy, package, planned)
    wrong += worse
    wrong += not_compiling(copy.root, done["changes"])
    wrong += different(offered, copy.offered(modules))
    wrong += not_importable(copy, done["changes"])
    copy.commit()
    if diffs:
        (diffs / f"{package.name}.{copy.placement}.diff").write_text(
            copy.git("show", "--find-renames=30%", "HEAD")
        )
    again = [one["path"] for one in copy.migrate("--dry-run")["changes"]]
    wrong += [f"a second run wants to change {again}"] if again else []
    if done["changes"]:
        copy.orchestra("undo")
    wrong += ["undo left traces"] if copy.commit() != before else []

    pages = {Path(one["path"]).stem for one in done["changes"] if one["path"].startswith("docs/migrations/")}
    like = {one["name"] for one in scanned if LIKE_ORCHESTRATORS.search(one["class"])}
    row = page.Row(
        package=package.name,
        placement=copy.placement,
        files=sum(1 for _ in package.rglob("*.py")),
        dependencies="real" if copy.python else "made up",
        candidates=len(scanned),
        migrated=len(pages),
        adapters=sum(
            one["because"].endswith("through an orchestrator that holds it") for one in done["changes"]
        ),
        moved=sum(" hands everything on " in one["because"] for one in done["changes"]),
        named_so=len(like),
        named_so_migrated=len(like & pages),
        plain=len(plain),
        plain_migrated=len(plain & pages),
        changed=len(done["changes"]),
        compared=len(modules),
        imported=sum(isinstance(one, dict) for one in offered.values()),
        tests=tests,
        seconds=seconds,
    )
    refused = [one for one in done["refusals"] if not of_tests(one["path"])]
    return row, refusal_reasons.of(refused), [f"{package.name}: {line}" for line in wrong]


def migrated(copy: Copy, package: Path, planned: dict[str, Any]) -> tuple[dict[str, Any], str, list[str]]:
    """Migrate, with the package's own tests where it has any; return the report, the tests, what is wrong."""
    chosen = own_tests(package)
    if chosen is None:
        done, tests = copy.migrate(), ""
    else:
        command = f"{copy.python} -m pytest -q -p no:cacheprovider -o asyncio_mode=auto {' '.join(chosen[1])}"
        done = copy.migrate("--test-command", command)
        tests, worse = "{before[passed]} → {after[passed]}".format_map(done["tests"]), done["tests"]["worse"]
        for one in done["tests"]["unsteady"]:
            print(f"{package.name}: unsteady {one}", flush=True)
        if worse:
            return done, tests, [f"{one['test']} is {one['after']} after a change" for one in worse]
    is_same = announced(done) == announced(planned)
    return done, tests, [] if is_same else ["the dry run announced other changes"]


def of_tests(path: str) -> bool:
    """Tell whether a file is one of the tests that were put beside a package."""
    return path.startswith("tests/")


def is_plain(root: Path, candidate: dict[str, Any]) -> bool:
    """Tell whether a class inherits nothing and has no decorator."""
    tree = ast.parse((root / candidate["path"]).read_bytes())
    return any(
        (node.name, node.end_lineno) == (candidate["class"], candidate["end_line"])
        and not (node.bases or node.keywords or node.decorator_list)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    )


def announced(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a report says of its changes, but for how far they are proven, which tests add to."""
    return [{key: value for key, value in one.items() if key != "proof"} for one in report["changes"]]


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


def not_importable(copy: Copy, changes: list[dict[str, Any]]) -> list[str]:
    """Return a line for each new module that cannot be imported, though what it imports can be."""
    created = [one["path"] for one in changes if one["kind"] == "create" and one["path"].endswith(".py")]
    needed = {
        path.removesuffix(".py").replace("/", "."): FROM.findall((copy.root / path).read_text())
        for path in created
    }
    offered = copy.offered([*needed, *{each for names in needed.values() for each in names}])
    failed = [name for name in needed if not isinstance(offered.get(name), dict)]
    return [
        f"{name} does not import: {offered.get(name)}"
        for name in failed
        if all(isinstance(offered.get(each), dict) for each in needed[name])
    ]


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
