"""Run every rule over published packages, and compare what is found with the judgments that are kept.

    python -m tests.corpus.lint_precision [FOLDER] [--write]

Without FOLDER the packages pinned in lint_packages.txt are downloaded and unpacked under .cache/lint-corpus;
nothing of them is run. What nobody has judged yet is printed with the code around it, and makes the exit code
1. --write keeps the numbers of hits and writes docs/reference/lint-precision.md.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from orchestra_codemods.config import Config
from orchestra_codemods.lint.diagnostic import Diagnostic
from orchestra_codemods.lint.rule import all_rules
from orchestra_codemods.lint.run import lint
from orchestra_codemods.project import Project, Sources
from tests.corpus import precision_page as page

CACHE = page.ROOT / ".cache" / "lint-corpus"
SAMPLE = 100
_SUPPORTED = re.compile(r"^Requires-Python: *([^\r\n]+)", re.MULTILINE | re.IGNORECASE)


def main(arguments: list[str]) -> int:
    """Lint each package as a project of its own."""
    folders = [Path(one) for one in arguments if not one.startswith("--")]
    packages = sorted(one for one in (folders[0] if folders else fetch()).iterdir() if one.is_dir())
    found = [(package, one) for package in packages for one in findings(package)]
    by_code = {rule.code: [pair for pair in found if pair[1].code == rule.code] for rule in all_rules()}
    known = {one.key: one for one in page.judgments()}
    unjudged = [
        (package, one)
        for code, pairs in by_code.items()
        for package, one in sampled(code, pairs)
        if key(package, one) not in known
    ]
    for package, one in unjudged:
        show(package, one)
    found_keys = {key(package, one) for package, one in found}
    for judged in known.values():
        if judged.key not in found_keys and judged.verdict != "gone":
            print(f"no longer found: {' '.join(judged.key)}", file=sys.stderr)
    if "--write" in arguments:
        page.keep_hits({code: len(pairs) for code, pairs in by_code.items()})
        page.PAGE.write_text(page.rendered(), encoding="utf-8")
    print(f"{len(found)} findings in {len(packages)} packages, {len(unjudged)} to judge", file=sys.stderr)
    return 1 if unjudged else 0


def findings(package: Path) -> tuple[Diagnostic, ...]:
    """Return what all rules find in a package, whatever they are by default."""
    paths = [str(path.relative_to(package)) for path in package.rglob("*") if path.is_file()]
    return lint(Project(package, Sources(package, paths), Config()), all_rules()).open


def sampled(code: str, pairs: list[tuple[Path, Diagnostic]]) -> list[tuple[Path, Diagnostic]]:
    """Return all findings of a rule, or a hundred at random, the same ones each time."""
    ordered = sorted(pairs, key=lambda pair: key(*pair))
    return ordered if len(ordered) <= SAMPLE else random.Random(code).sample(ordered, SAMPLE)


def key(package: Path, one: Diagnostic) -> tuple[str, str, str]:
    """Return what a judgment is kept under."""
    return one.code, package.name, f"{one.path}:{one.span.line}:{one.span.column + 1}"


def show(package: Path, one: Diagnostic) -> None:
    """Print a line for the table of judgments, and what a judge has to read."""
    print("\n" + "\t".join((one.code, "?", *key(package, one)[1:], "")) + f"    {one.rule}: {one.message}")
    lines = (package / one.path).read_text(encoding="utf-8", errors="replace").splitlines()
    for number in range(max(1, one.span.line - 15), min(len(lines), one.span.line + 15) + 1):
        print(f"{'>' if number == one.span.line else ' '}{number:5} {lines[number - 1]}")


def fetch(cache: Path = CACHE) -> Path:
    """Download and unpack what is not there yet; each gets a pyproject.toml that says what it supports."""
    for pinned in page.packages():
        name = pinned.replace("==", "-")
        unpacked = cache / "unpacked" / name
        if not unpacked.is_dir():
            options = [
                "--quiet",
                "--no-deps",
                "--only-binary",
                ":all:",
                "--dest",
                str(cache / "wheels" / name),
            ]
            subprocess.run([sys.executable, "-m", "pip", "download", *options, pinned], check=True)
            with zipfile.ZipFile(next((cache / "wheels" / name).glob("*.whl"))) as wheel:
                wheel.extractall(unpacked)  # the wheel is pinned, and zipfile keeps members inside
            (unpacked / "pyproject.toml").write_text("".join(_project(unpacked)), encoding="utf-8")
    return cache / "unpacked"


def _project(unpacked: Path) -> Iterator[str]:
    metadata = next(unpacked.glob("*.dist-info/METADATA")).read_text(encoding="utf-8", errors="replace")
    supported = _SUPPORTED.search(metadata)
    yield f'[project]\nname = "{unpacked.name}"\nversion = "0"\n'
    if supported is not None:
        yield f'requires-python = "{supported[1].strip()}"\n'


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
