"""Where a project begins, and which file holds its settings."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orchestra_codemods.config.errors import BrokenConfigError, ConfigNotFoundError, WrongTypeError

FILE_NAMES = ("orchestra.toml", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Located:
    """The root of a project, its settings file, and the table of settings as it was read."""

    root: Path
    file: Path
    table: Mapping[str, Any] | None = field(default=None, compare=False)

    @property
    def label(self) -> str:
        """How the file is named in messages and origins."""
        return self.file.name if self.file.name == "orchestra.toml" else f"{self.file.name} [tool.orchestra]"


def locate(start: Path) -> Located:
    """Return the project that ``start`` belongs to.

    The nearest folder upwards with an `orchestra.toml`, or a `pyproject.toml` that has `[tool.orchestra]`,
    is the root; where there is none, the nearest folder with any `pyproject.toml`. The search ends at the
    folder that holds `.git`: settings of another repository are nobody's business.
    Raises ConfigNotFoundError, BrokenConfigError and WrongTypeError.
    """
    start = start.resolve()
    fallback: Located | None = None
    for folder in _upwards(start):
        found = look_in(folder)
        if found is not None and found.table is not None:
            return found
        fallback = fallback or found
    if fallback is None:
        raise ConfigNotFoundError(
            f"no pyproject.toml or orchestra.toml in {start} or above it",
            hint="An empty pyproject.toml marks the root of the project; --root DIR names one elsewhere.",
            folder=str(start),
        )
    return fallback


def look_in(folder: Path) -> Located | None:
    """Return what ``folder`` itself says, or None where it has no settings file."""
    for name in FILE_NAMES:
        file = folder / name
        if file.is_file():
            return Located(folder, file, _table(file))
    return None


def _upwards(start: Path) -> Iterator[Path]:
    for folder in (start, *start.parents):
        yield folder
        if (folder / ".git").exists():
            return


def _table(file: Path) -> Mapping[str, Any] | None:
    try:
        document: Any = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BrokenConfigError(
            f"{file} cannot be read: {error}",
            hint="Correct the file; nothing was changed.",
            path=str(file),
        ) from None
    if file.name == "pyproject.toml":
        document = document.get("tool", {})
        document = document.get("orchestra") if isinstance(document, dict) else document
    if document is not None and not isinstance(document, dict):
        raise WrongTypeError(
            f"tool.orchestra in {file} is not a table", hint="Write `[tool.orchestra]`.", key="tool.orchestra"
        )
    return document
