"""The answer of the last run, given again when nothing has changed: no Typer, no reading, no parsing.

For `lint`, for `scan`, and for `migrate` where it only says what it would do. The answer rests on the state
of every file and folder of the project, on git's, on our own code, on the options, on the terminal and on
the date.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

Said = tuple[str, str]
"""`out` or `err`, and what was written there."""

_LINT_NEVER = (
    "--fix",
    "--unsafe-fixes",
    "--write-baseline",
    "--base",
    "--stdin-filename",
    "--no-cache",
    "--diff",
    "-",
)
_SHOWING = frozenset(("--output-format", "--verbose", "-v", "--quiet", "-q"))
_ONLY = {
    "scan": _SHOWING,
    "migrate": _SHOWING
    | {"--all", "--callers", "--placement", "--explicit", "--owner", "--remove-on", "--allow-dirty"}
    | {"--dry-run", "--check", "--diff"},
}
_WRITES_NOTHING = {"migrate": frozenset(("--dry-run", "--check", "--diff"))}
_GIT = (".git/index", ".git/info/exclude", ".git/config", "pyproject.toml", "orchestra.toml")
_NEVER_LISTED = frozenset(("node_modules", "__pycache__", "site-packages", "venv"))
_FOLDERS = 20_000
_SEPARATOR = "\0"
_VERSIONS = ("orchestra/_version.py", "../framework/orchestra/_version.py")
"""Where our version stands, installed or in the source tree: importing it would cost a tenth of an answer."""


def recall(arguments: list[str]) -> tuple[list[Said], int] | None:
    """Return what the last run said and its exit code, or None where the ordinary way has to be gone."""
    if not is_repeatable(arguments):
        return None
    from orchestra_cli.fast_list import nearest_settings

    root = nearest_settings()
    if root is None:
        return None
    file = _file(arguments, root)
    try:
        with open(file, encoding="utf-8", errors="surrogateescape", newline="") as stream:
            head, names, state, code, said = _opened(stream.read())
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        sys.stderr.write(f"warning: the cache {file} cannot be read; it is made anew\n")
        return None
    if head != stamp(root, arguments[0]) or state != _state_of_all(root, names):
        return None
    return said, code


def remember(arguments: list[str], root: str, paths: Iterable[str], said: Iterable[Said], code: int) -> None:
    """Keep the answer of a run; folders are kept too, so that a new file is noticed. Failing is no error."""
    said = [one for one in said if one[1]]
    folders = _folders(root)
    files = sorted({*paths, *folders, *_GIT, *_personal(root)})
    is_whole = not any("\n" in name for name in files) and not any(_SEPARATOR in text for _, text in said)
    if not is_repeatable(arguments) or not is_whole or len(folders) > _FOLDERS:
        return
    names = "\n".join(files)
    file = _file(arguments, root)
    beside = f"{file}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(file), mode=0o700, exist_ok=True)
        with open(beside, "w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
            state = _state_of_all(root, names)
            stream.write(_closed(stamp(root, arguments[0]), names, state, code, said))
        os.replace(beside, file)
    except (OSError, UnicodeError):
        return


def is_repeatable(arguments: list[str]) -> bool:
    """Tell whether a run with these arguments only reports, and says all on its own."""
    command, words = arguments[:1], arguments[1:]
    options = {one.partition("=")[0] for one in words if one.startswith("-")}
    if "--root" in options:
        return False
    if command == ["lint"]:
        return options.isdisjoint(_LINT_NEVER)
    only = _ONLY.get(command[0]) if command else None
    if only is None or not options <= only:
        return False
    writes_nothing = _WRITES_NOTHING.get(command[0])
    return writes_nothing is None or not options.isdisjoint(writes_nothing)


def stamp(root: str, command: str) -> str:
    """Return what an answer depends on beside the project's files: the day, our code, what is
    installed, settings.
    """
    from time import gmtime, strftime

    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    versions = [_state(here, name) for name in _VERSIONS]
    states: list[Any] = [root, versions, strftime("%Y-%m-%d", gmtime()), strftime("%Y-%m-%d")]
    states += sorted(f"{name}={value}" for name, value in os.environ.items() if name.startswith("ORCHESTRA_"))
    for folder in _code_folders(here, command):
        try:
            with os.scandir(folder) as entries:
                states.append(
                    sum(entry.stat().st_mtime_ns for entry in entries if entry.name.endswith(".py"))
                )
        except OSError:
            states.append(None)
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    states.append(_state(sys.prefix, os.path.join("lib", version, "site-packages")))
    return repr(states).replace(_SEPARATOR, "")


def _closed(head: str, names: str, state: int, code: int, said: list[Said]) -> str:
    from zlib import crc32

    body = _SEPARATOR.join((head, names, str(state), str(code), *(part for one in said for part in one)))
    return f"{crc32(body.encode('utf-8', 'surrogateescape')):08x}{body}"


def _opened(text: str) -> tuple[str, str, int, int, list[Said]]:
    """Return the parts of an answer. Raises ValueError for anything else."""
    from zlib import crc32

    body = text[8:]
    if text[:8] != f"{crc32(body.encode('utf-8', 'surrogateescape')):08x}":
        raise ValueError(text[:8])
    head, names, state, code, *said = body.split(_SEPARATOR)
    return head, names, int(state), int(code), list(zip(said[::2], said[1::2], strict=True))


def _folders(root: str) -> set[str]:
    """Return the folders in which a new file would belong to the project."""
    found, waiting = {""}, [""]
    while waiting and len(found) <= _FOLDERS:
        folder = waiting.pop()
        try:
            with os.scandir(f"{root}/{folder}") as entries:
                inside = [
                    f"{folder}/{entry.name}".lstrip("/")
                    for entry in entries
                    if entry.is_dir(follow_symlinks=False)
                    and entry.name not in _NEVER_LISTED
                    and not entry.name.startswith(".")
                ]
        except OSError:
            continue
        found.update(inside)
        waiting += inside
    return found


def _personal(root: str) -> list[str]:
    """Return where a person keeps settings of git, which say what is ignored everywhere."""
    home = os.path.expanduser("~")
    return [
        os.path.relpath(f"{home}/{name}", root)
        for name in (".gitconfig", ".config/git", ".config/git/ignore")
    ]


def _state_of_all(root: str, names: str) -> int:
    """Return one number for size, times and inode of every file: 64 bits, the same in every process.

    Stating is what an answer costs: from the folder's descriptor it is a sixth cheaper than by full paths,
    and numbers are compared without being written out.
    """
    stat, found = os.stat, []
    folder = os.open(root or ".", os.O_RDONLY)
    try:
        for name in names.split("\n"):
            try:
                status = stat(name or ".", dir_fd=folder)
            except OSError:
                found.append((0, 0, 0, 0))
            else:
                found.append((status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino))
    finally:
        os.close(folder)
    return hash(tuple(found))


def _state(root: str, path: str) -> str:
    try:
        status = os.stat(f"{root}/{path}")
    except OSError:
        return "-"
    return f"{status.st_size}.{status.st_mtime_ns}.{status.st_ctime_ns}.{status.st_ino}"


def _file(arguments: list[str], root: str) -> str:
    """Return the file for these arguments, this folder, and how the output may look."""
    from zlib import crc32

    from orchestra_cli import cache
    from orchestra_cli.terminal import style_of, width

    looks = (style_of(sys.stdout).is_coloured, style_of(sys.stderr).is_coloured, width())
    words = repr((arguments, os.getcwd(), looks, root))
    name = f"answer2-{crc32(words.encode('utf-8', 'surrogateescape')):08x}"
    return os.path.join(cache.folder(), arguments[0], name)


def _code_folders(here: str, command: str) -> list[str]:
    """Return the folders of the code that finds the answer, installed beside us or in the source tree."""
    for base in (here, os.path.join(os.path.dirname(here), "codemods")):
        package = os.path.join(base, "orchestra_codemods")
        if not os.path.isdir(package):
            continue
        if command == "lint":
            return [os.path.join(package, name) for name in ("rules", "lint", "syntax", "names")]
        with os.scandir(package) as entries:
            return [package, *sorted(entry.path for entry in entries if entry.is_dir())]
    return []
