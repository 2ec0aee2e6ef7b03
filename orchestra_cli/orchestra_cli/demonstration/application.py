"""The bundled legacy application, and a copy of it that may be changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import orchestra_cli
from orchestra_cli.errors import InvalidValueError

COMMIT = (
    *(
        "git",
        "-c",
        "user.name=orchestra demo",
        "-c",
        "user.email=demo@localhost",
        "-c",
        "commit.gpgsign=false",
    ),
    *("commit", "--quiet", "--no-verify", "--message"),
)

_LEFT_OUT = shutil.ignore_patterns("__pycache__", ".pytest_cache", "*.pyc")
_NOT_COMPARED = {".git", "__pycache__", ".pytest_cache"}


def bundled() -> Path:
    """Return the folder of the application: inside the installed package, or in the repository."""
    package = Path(orchestra_cli.__file__).parent
    installed = package / "examples" / "legacy_bot"
    return installed if installed.is_dir() else package.parents[1] / "docs" / "examples" / "legacy_bot"


def copy_to(folder: Path) -> None:
    """Copy the application into a folder that is new or empty. Raises InvalidValueError."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidValueError(
            f"--keep {folder} is not an empty folder", hint="Name one that does not exist."
        )
    shutil.copytree(bundled(), folder, ignore=_LEFT_OUT, dirs_exist_ok=True)


def digest_of_tree(folder: Path) -> str:
    """Return one digest over the names, modes and contents of all files, those of git and caches left out."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if path.is_file() and not _NOT_COMPARED & set(inner.parts):
            digest.update(f"{inner.as_posix()}\0{path.stat().st_mode:o}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def start_repository(folder: Path) -> bool:
    """Commit the application to a repository of its own; tell whether there is git."""
    if shutil.which("git") is None:
        return False
    for command in (("git", "init", "--quiet"), ("git", "add", "--all"), (*COMMIT, "As it was")):
        subprocess.run(
            command, cwd=folder, env=environment(), check=True, capture_output=True, stdin=subprocess.DEVNULL
        )
    return True


def environment() -> dict[str, str]:
    """Return our environment without what would lead git, Python or pytest astray."""
    dropped = ("COV_", "GIT_", "ORCHESTRA_", "PYTEST_", "PYTHON")
    return {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
