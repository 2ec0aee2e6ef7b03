"""`orchestra lint` when nothing has changed: the answer of the last run, without Typer, rules or parsing.

The answer rests on the state of every file and folder of the project, on the rules' own files, on the
options and
on the date.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
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
    try:
        with open(_file(arguments, root), encoding="utf-8", errors="surrogateescape", newline="") as stream:
            head, states, err, out, end = stream.read().split("\0")
        code, lines = int(end), states.split("\n")
    except (OSError, ValueError):
        return None
    if head != stamp(root) or any(
        _state(root, line.partition(" ")[2]) != line.partition(" ")[0] for line in lines
    ):
        return None
    return out, err, code


def remember(arguments: list[str], root: str, paths: list[str], *, out: str, err: str, code: int) -> None:
    """Keep the answer of a run; folders are kept too, so that a new file is noticed. Failing is no error."""
    folders = {os.path.dirname(path) for path in paths} | {""}
    for folder in list(folders):
        parts = folder.split("/")
        folders.update("/".join(parts[:end]) for end in range(len(parts)))
    names = sorted({*paths, *folders})
    if not is_repeatable(arguments) or any("\n" in name for name in names) or "\0" in out + err:
        return
    states = "\n".join(f"{_state(root, name)} {name}" for name in names)
    file = _file(arguments, root)
    beside = f"{file}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(file), mode=0o700, exist_ok=True)
        with open(beside, "w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
            stream.write("\0".join((stamp(root), states, err, out, str(code))))
        os.replace(beside, file)
    except (OSError, UnicodeError):
        return


def is_repeatable(arguments: list[str]) -> bool:
    """Tell whether a run with these arguments only reports, and says all on its own."""
    return not any(
        one.partition("=")[0] in _WRITING or one == "--root" or one.startswith("--root=") for one in arguments
    )


def stamp(root: str) -> str:
    """Return what an answer depends on beside the project's files: the day, the rules, what is
    installed, settings.
    """
    from time import gmtime, strftime

    from orchestra._version import __version__

    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    states: list[Any] = [root, __version__, strftime("%Y-%m-%d", gmtime())]
    states += sorted(f"{name}={value}" for name, value in os.environ.items() if name.startswith("ORCHESTRA_"))
    for folder in _code_folders(here):
        try:
            with os.scandir(folder) as entries:
                states.append(
                    sum(entry.stat().st_mtime_ns for entry in entries if entry.name.endswith(".py"))
                )
        except OSError:
            states.append(None)
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    states.append(_state(sys.prefix, os.path.join("lib", version, "site-packages")))
    return repr(states).replace("\0", "")


def _state(root: str, path: str) -> str:
    try:
        status = os.stat(f"{root}/{path}")
    except OSError:
        return "-"
    return f"{status.st_size}.{status.st_mtime_ns}.{status.st_ctime_ns}.{status.st_ino}"


def _file(arguments: list[str], root: str) -> str:
    """Return the file for these arguments, this folder, and whether the output may be coloured."""
    from zlib import crc32

    from orchestra_cli import cache
    from orchestra_cli.terminal import style_of

    words = repr((arguments, os.getcwd(), style_of(sys.stdout).is_coloured, root))
    return os.path.join(
        cache.folder(), "lint", f"answer-{crc32(words.encode('utf-8', 'surrogateescape')):08x}"
    )


def _code_folders(here: str) -> list[str]:
    """Return the folders of the rules, installed beside us or in the source tree."""
    for base in (here, os.path.join(os.path.dirname(here), "codemods")):
        package = os.path.join(base, "orchestra_codemods")
        if os.path.isdir(package):
            return [os.path.join(package, name) for name in ("rules", "lint", "syntax", "names")]
    return []
