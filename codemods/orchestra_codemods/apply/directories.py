"""Removing the directories that a run has made, once nothing is left in them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from orchestra_codemods.apply.paths import name_of
from orchestra_codemods.apply.system import System
from orchestra_codemods.apply.tree import Tree

_CACHE = "__pycache__"
_COMPILED = ".pyc"


def remove_empty(tree: Tree, paths: Iterable[str], system: System) -> None:
    """Remove directories, innermost first; one in which anything but compiled code is left stays."""
    for path in sorted(paths, key=lambda path: path.count("/"), reverse=True):
        with suppress(FileNotFoundError, NotADirectoryError), tree.parent(path) as (above, _):
            _remove_compiled(tree, path, system)
            if not tree.names(path):
                system.remove_directory(name_of(path), above)


def _remove_compiled(tree: Tree, path: str, system: System) -> None:
    """Remove compiled code where nothing else is left: with it the directory could still be imported."""
    cache = f"{path}/{_CACHE}"
    if tree.names(path) != [_CACHE]:
        return
    names = tree.names(cache)
    if not all(name.endswith(_COMPILED) for name in names):
        return
    with tree.directory(cache) as directory:
        for name in names:
            system.unlink(name, directory)
    with tree.directory(path) as directory:
        system.remove_directory(_CACHE, directory)
