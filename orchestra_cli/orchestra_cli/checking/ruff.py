"""What ruff knows already is not written again: its findings about blocking calls are merged in, and where
its parser stops, Python's is asked.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from orchestra_cli.cache import folder
from orchestra_codemods.change import Span
from orchestra_codemods.lint.diagnostic import Diagnostic, fingerprint
from orchestra_codemods.project import Project

RULES = "ASYNC210,ASYNC212,ASYNC220,ASYNC221,ASYNC222,ASYNC230,ASYNC251"
"""Blocking calls in coroutines; its RUF006 is our dangling-task."""
_BROKEN = {None, "invalid-syntax", "E999"}
"""The code of a syntax error in older and newer versions."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What ruff said: findings, the files that it could not parse, and a note where it said nothing."""

    findings: tuple[Diagnostic, ...] = ()
    unparsable: frozenset[str] = frozenset()
    note: str | None = None

    @property
    def answered(self) -> bool:
        """Whether ruff ran over the files."""
        return self is not NOT_ASKED and self.note is None


NOT_ASKED = Opinion()


def opinion(project: Project, paths: frozenset[str] | None) -> Opinion:
    """Ask ruff about files, or about all; it looks at those that its own settings do not exclude."""
    program = _program()
    if program is None:
        return Opinion(note="ruff is not installed: blocking calls in coroutines are not looked for")
    command = [
        program,
        "check",
        "--quiet",
        "--no-fix",
        "--exit-zero",
        "--output-format",
        "json",
        "--force-exclude",
        "--cache-dir",  # not into the project, which nobody asked to be written
        str(Path(folder(), "ruff")),
    ]
    wanted = sorted(paths) if paths is not None and len(paths) < 500 else ["."]
    done = subprocess.run(
        [*command, "--select", RULES, "--", *wanted],
        cwd=project.root,
        capture_output=True,
        check=False,
        timeout=120,
    )
    try:
        rows = [(_inside(project, row), row) for row in json.loads(done.stdout or b"[]")]
        rows = [(path, row) for path, row in rows if paths is None or path in paths]
        findings = {_diagnostic(project, path, row) for path, row in rows if path in project.sources}
    except (ValueError, KeyError, TypeError):
        said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        return Opinion(note=f"ruff failed ({said}): blocking calls in coroutines are not looked for")
    broken = frozenset(path for path, row in rows if row["code"] in _BROKEN)
    return Opinion(tuple(one for one in findings if one is not None), broken)


def _program() -> str | None:
    beside = Path(sys.executable).with_name("ruff")
    return str(beside) if beside.is_file() else shutil.which("ruff")


def _inside(project: Project, row: dict[str, object]) -> str:
    return Path(str(row["filename"])).relative_to(project.root.resolve()).as_posix()


def _diagnostic(project: Project, path: str, row: dict[str, object]) -> Diagnostic | None:
    code, message = str(row["code"]), str(row["message"])
    if not code.startswith("ASYNC"):
        return None
    start, end = row["location"], row["end_location"]
    assert isinstance(start, dict)
    assert isinstance(end, dict)
    span = Span(start["row"], start["column"] - 1, end["row"], end["column"] - 1)
    line = project.sources[path].text.splitlines()[span.line - 1].strip()
    return Diagnostic(path, span, code, "ruff", message.rstrip("."), fingerprint(code, "", line))
