"""Projects whose tests turn warnings into errors: using an old module must not fail for saying so."""

from __future__ import annotations

import re
import tomllib

from orchestra_codemods.change import Edit
from orchestra_codemods.project import Project

FILTER = "default::orchestra.moved.MovedModuleWarning"
_OTHERS = ("pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg")
_ERROR = re.compile(r"^\s*filterwarnings\s*=[ \t]*(?:\r?\n[ \t]+)*error\b", re.MULTILINE)
_ARRAY = re.compile(r"^[ \t]*filterwarnings[ \t]*=[ \t]*\[", re.MULTILINE)


def why_tests_are_strict(project: Project) -> str | None:
    """Return why a moved module would fail the project's tests, where `filter_edit` cannot settle it."""
    for path in _OTHERS:
        source = project.sources.get(path)
        if source is not None and _ERROR.search(source.text) and FILTER not in source.text:
            return f"{path} turns warnings into errors; add `{FILTER}` to its filterwarnings"
    if _has_strict_table(project) and filter_edit(project) is None:
        return f"pyproject.toml turns warnings into errors; add `{FILTER}` to its filterwarnings"
    return None


def filter_edit(project: Project) -> Edit | None:
    """Return the edit of pyproject.toml that takes warnings about moved modules out of its `error`."""
    if not _has_strict_table(project):
        return None
    text = project.sources["pyproject.toml"].text
    start = _ARRAY.search(text)
    end = _closing(text, start.end()) if start else None
    if start is None or end is None:
        return None
    inside = text[start.end() : end]
    last = inside.rstrip()
    if "#" in last.rpartition("\n")[2]:
        return None
    at = start.end() + len(last)
    if "\n" not in inside:
        return Edit(at, at, f', "{FILTER}"')
    indent = re.search(r"\n([ \t]+)\S", inside)
    comma = "" if last.endswith(",") else ","
    return Edit(at, at, f'{comma}\n{indent[1] if indent else "    "}"{FILTER}",')


def _has_strict_table(project: Project) -> bool:
    source = project.sources.get("pyproject.toml")
    if source is None:
        return False
    try:
        options = tomllib.loads(source.text).get("tool", {}).get("pytest", {}).get("ini_options", {})
    except tomllib.TOMLDecodeError:
        return False
    filters = options.get("filterwarnings", [])
    return isinstance(filters, list) and any(each == "error" for each in filters) and FILTER not in filters


def _closing(text: str, start: int) -> int | None:
    """Return where the array that is open at a place ends; strings may hold brackets."""
    for token in re.finditer(r"\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|#[^\n]*|[\[\]]", text[start:]):
        if token[0] == "]":
            return start + token.start()
        if token[0] == "[":
            return None
    return None
