"""Sessions in documents (```` ```console ````): each command is run, its output compared with the text.

A line ``…`` stands for any lines, ``…`` inside a line for any characters.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PROMPT = "$ "


@dataclass(frozen=True, slots=True)
class Step:
    """One command with the output that the document prints below it."""

    command: str
    expected: str


def steps_of(document: str) -> Iterator[Step]:
    """Yield the commands of all sessions in a Markdown document, in order."""
    for block in _BLOCK.findall(document):
        for part in f"\n{block}".split(f"\n{_PROMPT}")[1:]:
            command, _, expected = part.partition("\n")
            yield Step(command.strip(), expected.rstrip("\n"))


def run_shell(command: str, folder: Path) -> str:
    """Run a command line in ``folder`` with our console script on the path; return both streams together."""
    scripts = str(Path(sys.executable).parent)
    env = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "PYTEST_"))}
    env |= {"PATH": f"{scripts}{os.pathsep}{env['PATH']}", "COLUMNS": "110", "NO_COLOR": "1"}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout.rstrip("\n")


def matches(expected: str, actual: str) -> bool:
    """Tell whether the output is what the document prints."""
    lines = [".*" if line.strip() == "…" else _pattern(line) for line in expected.splitlines()]
    pattern = "\n".join(lines).replace("\n.*\n", "\n(?:.*\n)?").removesuffix("\n.*")
    tail = "(?:\n.*)?" if lines and lines[-1] == ".*" else ""
    return re.fullmatch(pattern + tail, _without_trailing_blanks(actual), re.DOTALL) is not None


def _pattern(line: str) -> str:
    return "[^\n]*".join(re.escape(piece) for piece in line.rstrip().split("…"))


def _without_trailing_blanks(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines())
