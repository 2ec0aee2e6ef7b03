"""What ruff knows already is not written again: its findings about blocking calls are merged in."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from orchestra_cli.cache import folder
from orchestra_codemods.change import Span
from orchestra_codemods.lint.diagnostic import Diagnostic, fingerprint
from orchestra_codemods.project import Project

RULES = "ASYNC210,ASYNC212,ASYNC220,ASYNC221,ASYNC222,ASYNC230,ASYNC251"
"""Blocking calls in coroutines; its RUF006 is our dangling-task."""


def with_ruff(
    project: Project, found: tuple[Diagnostic, ...], paths: frozenset[str] | None
) -> tuple[tuple[Diagnostic, ...], str | None]:
    """Return the findings with those of ruff, and a note where it is not installed or fails."""
    program = _program()
    if program is None:
        return found, "ruff is not installed: blocking calls in coroutines are not looked for"
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
        rows = json.loads(done.stdout or b"[]")
        theirs = {_diagnostic(project, row) for row in rows}
    except (ValueError, KeyError, TypeError):
        said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        return found, f"ruff failed ({said}): blocking calls in coroutines are not looked for"
    ours = {one for one in theirs if one is not None and (paths is None or one.path in paths)}
    return tuple(sorted({*found, *ours}, key=lambda one: one.order)), None


def _program() -> str | None:
    beside = Path(sys.executable).with_name("ruff")
    return str(beside) if beside.is_file() else shutil.which("ruff")


def _diagnostic(project: Project, row: dict[str, object]) -> Diagnostic | None:
    path = Path(str(row["filename"])).relative_to(project.root.resolve()).as_posix()
    code, message = str(row["code"]), str(row["message"])
    if path not in project.sources or not code.startswith("ASYNC"):
        return None
    start, end = row["location"], row["end_location"]
    assert isinstance(start, dict)
    assert isinstance(end, dict)
    span = Span(start["row"], start["column"] - 1, end["row"], end["column"] - 1)
    line = project.sources[path].text.splitlines()[span.line - 1].strip()
    return Diagnostic(path, span, code, "ruff", message.rstrip("."), fingerprint(code, "", line))
