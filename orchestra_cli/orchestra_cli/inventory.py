"""The project and its legacy orchestrators, for the commands that begin with a scan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from orchestra_cli.errors import EmptyProjectError, InvalidValueError, OutsideRootError
from orchestra_cli.session import Session
from orchestra_codemods.config import Config

if TYPE_CHECKING:
    from orchestra_codemods.inventory.model import Inventory
    from orchestra_codemods.project import Project


def taken(root: Path, config: Config) -> tuple[Project, Inventory]:
    """Return the project and its inventory. Raises EmptyProjectError where there is no Python at all."""
    from orchestra_codemods.inventory import take
    from orchestra_codemods.scan import scan

    project = scan(root, config)
    if next(project.sources.python_paths(), None) is None:
        raise EmptyProjectError(
            f"there is no Python file in {root}",
            hint="Is this the root? --root DIR names another; `exclude` may leave everything out.",
        )
    return project, take(project)


def selected(inventory: Inventory, root: Path, paths: Sequence[Path]) -> Inventory:
    """Return the part of an inventory that lies in some files and folders.

    Raises OutsideRootError, and InvalidValueError for a path that does not exist.
    """
    if not paths:
        return inventory
    wanted = [_inside(root, path) for path in paths]
    chosen = tuple(
        each
        for each in inventory.orchestrators
        if any(folder in ("", each.path) or each.path.startswith(f"{folder}/") for folder in wanted)
    )
    return replace(inventory, orchestrators=chosen)


def warn_of_problems(session: Session, inventory: Inventory) -> None:
    """Name the files that were not read, or not understood, so that nobody takes them for read."""
    for path, why in inventory.problems:
        session.warn(f"{path}: {why}")


def _inside(root: Path, path: Path) -> str:
    real = path.resolve()
    if not real.exists():
        raise InvalidValueError(f"{path} does not exist", hint="Name a file or folder of the project.")
    if not real.is_relative_to(root):
        raise OutsideRootError(
            f"{path} lies outside the project {root}", hint="--root DIR names another root."
        )
    inner = real.relative_to(root).as_posix()
    return "" if inner == "." else inner
