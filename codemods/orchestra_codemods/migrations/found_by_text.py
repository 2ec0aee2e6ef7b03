"""Ways to a module that no import shows: by the name of its file, or as an attribute of its package."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from orchestra_codemods.names import dotted_name, every_node, parse, python_files_with
from orchestra_codemods.project import Project

_SUFFIX = ".py"


def why_found_by_text(project: Project, path: str, module: str) -> Iterator[str]:
    """Yield where another file names the file of a module, or asks its package for it by a text.

    The first would find the module that is left there, and the second nothing where nobody imports that.
    """
    package, _, stem = module.rpartition(".")
    written = re.compile(rf"""{re.escape(stem)}(?:{re.escape(_SUFFIX)})?["']""".encode())
    for other in python_files_with(project, [stem]):
        if other == path or not project.sources.has(other, written):
            continue
        for text, line, owner in _texts(project.sources.text(other)):
            if text.endswith(_SUFFIX) and _is_file(text, path):
                yield f"line {line} of {other} names its file"
            elif text == stem and package and owner == package.rpartition(".")[2]:
                yield f"line {line} of {other} asks {owner} for it by its name"


def _is_file(text: str, path: str) -> bool:
    parts = [part for part in text.split("/") if part not in ("", ".", "..")]
    return path.split("/")[-len(parts) :] == parts


@lru_cache(maxsize=1_000)
def _texts(text: str) -> tuple[tuple[str, int, str], ...]:
    """Return the texts that may be names of files, and those that are asked of something, with its name."""
    try:
        nodes = every_node(parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return ()
    found = [
        (node.value, node.lineno, "")
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(_SUFFIX)
    ]
    for node in nodes:
        if isinstance(node, ast.Call) and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
            owner = (dotted_name(node.args[0]) or "").rpartition(".")[2]
            if owner and isinstance(node.args[1].value, str):
                found.append((node.args[1].value, node.lineno, owner))
    return tuple(found)
