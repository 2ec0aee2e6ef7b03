"""`orchestra lint` when nothing has changed: the answer of the last run, without Typer, rules or parsing.

The answer rests on the state of every file and folder of the project, on the rules' own files, on the options and
on the date.
"""

from __future__ import annotations

import os
import sys
from typing import Any

_WRITING = (
    "--fix",
    "--unsafe-fixes",
    "--write-baseline",
    "--base",
    "--stdin-filename",
    "--no-cache",
    "--diff",
    "-",
)


def cached_lint(arguments: list[str]) -> tuple[str, str, int] | None:
    """Return stdout, stderr and exit code of the last run, or None where the ordinary way has to be gone."""
    if not is_repeatable(arguments):
        return None
    from orchestra_cli.fast_list import nearest_settings

    root = nearest_settings()
    if root is None:
        return None
    from orchestra_cli import cache

    answer = cache.read(kind_of(arguments), root)
    if not isinstance(answer, dict) or answer.get("stamp") != stamp():
        return None
    return str(answer["out"]), str(answer["err"]), int(answer["code"])


def remember(arguments: list[str], root: str, paths: list[str], answer: dict[str, Any]) -> None:
    """Keep the answer of a run; folders are kept too, so that a new file is noticed."""
    from orchestra_cli import cache

    if not is_repeatable(arguments):
        return
    folders = {os.path.dirname(path) for path in paths} | {""}
    for folder in list(folders):
        while folder:
            folder = os.path.dirname(folder)
            folders.add(folder)
    cache.write(kind_of(arguments), root, sorted({*paths, *folders}), {**answer, "stamp": stamp()})


def is_repeatable(arguments: list[str]) -> bool:
    """Tell whether a run with these arguments only reports, and says all on its own."""
    return not any(
        one.partition("=")[0] in _WRITING or one == "--root" or one.startswith("--root=") for one in arguments
    )


def kind_of(arguments: list[str]) -> str:
    """Return the name under which the answer for these arguments, this folder and this output is kept."""
    from zlib import crc32

    from orchestra_cli.terminal import style_of

    coloured = style_of(sys.stdout).is_coloured
    return f"lint-{crc32(repr((arguments, os.getcwd(), coloured)).encode('utf-8', 'surrogateescape')):08x}"


def stamp() -> list[Any]:
    """Return what an answer depends on beside the project: the day, the rules, what is installed."""
    from time import gmtime, strftime

    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    states: list[Any] = [strftime("%Y-%m-%d", gmtime())]
    for folder in _code_folders(here):
        try:
            with os.scandir(folder) as entries:
                states.append(
                    sum(entry.stat().st_mtime_ns for entry in entries if entry.name.endswith(".py"))
                )
        except OSError:
            states.append(None)
    installed = os.path.join(
        sys.prefix, "lib", f"python{sys.version_info[0]}.{sys.version_info[1]}", "site-packages"
    )
    states.append(os.stat(installed).st_mtime_ns if os.path.isdir(installed) else None)
    return states


def _code_folders(here: str) -> list[str]:
    """Return the folders of the rules, installed beside us or in the source tree."""
    for base in (here, os.path.join(os.path.dirname(here), "codemods")):
        package = os.path.join(base, "orchestra_codemods")
        if os.path.isdir(package):
            return [os.path.join(package, name) for name in ("rules", "lint", "syntax", "names")]
    return []
