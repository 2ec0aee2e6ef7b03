"""Where the rows of `orchestra list` come from: the cache, the source, or the project itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from orchestra_cli import cache
from orchestra_cli.errors import NoPackageError
from orchestra_cli.session import Session
from orchestra_codemods.config import Config
from orchestra_codemods.config.find import FILE_NAMES

KIND = "list"

Rows = Sequence[Mapping[str, Any]]


def listed(session: Session, *, is_live: bool, uses_cache: bool) -> tuple[Rows, Sequence[str]]:
    """Return the rows and what could not be made out. Raises NoPackageError, and what `ask` raises."""
    root, config = session.configured()
    if is_live:
        return _live(root, config)
    if uses_cache:
        kept = cache.read(KIND, str(root))
        if kept is not None:
            return kept, ()
    return _from_source(root, config, uses_cache=uses_cache)


def no_package(root: Path, config: Config) -> NoPackageError:
    """Return the error for a project that has no orchestrator package yet."""
    return NoPackageError(
        f"the package {config.package} does not exist in {root}",
        hint="`orchestra init` writes it; `orchestra scan` shows the legacy orchestrators.",
    )


def _from_source(root: Path, config: Config, *, uses_cache: bool) -> tuple[Rows, Sequence[str]]:
    from orchestra_cli.registered.read import read_registered

    reading = read_registered(root, config)
    if not reading.files:
        raise no_package(root, config)
    rows = [row.data() for row in reading.orchestrators]
    if uses_cache and not reading.problems:
        cache.write(KIND, str(root), [*FILE_NAMES, *reading.files], rows)
    return rows, reading.problems


def _live(root: Path, config: Config) -> tuple[Rows, Sequence[str]]:
    from orchestra_cli.user_code import ask

    answer = ask(root, config, {"verb": "list"})
    rows = [
        {
            "name": row["name"],
            "layer": row["layer"],
            "type": row["type"],
            "module": row["module"],
            "class": row["class"],
            "path": _relative(root, row["path"]),
            "operations": row["operations"],
        }
        for row in answer["orchestrators"]
    ]
    return rows, answer.get("warnings", ())


def _relative(root: Path, path: str | None) -> str | None:
    if path is None:
        return None
    return Path(path).relative_to(root).as_posix() if Path(path).is_relative_to(root) else path
