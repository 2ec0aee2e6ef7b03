"""What the folders of an import path offer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path


def modules_in(folders: Iterable[str]) -> Iterator[Path]:
    """Yield the modules and packages at the top of each folder, as files and folders."""
    for folder in folders:
        if Path(folder).is_dir():
            for entry in sorted(Path(folder).iterdir()):
                if entry.suffix == ".py" or (entry.is_dir() and _holds_modules(entry)):
                    yield entry


def _holds_modules(folder: Path) -> bool:
    return folder.name.isidentifier() and any(folder.glob("*.py"))
