"""Add settings to the file that holds them, touching nothing else in it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from orchestra_cli.errors import SettingsNotEditableError

_HEADER = "[tool.orchestra]"


def with_settings(text: str, additions: Mapping[str, Any], *, is_own_file: bool) -> str:
    """Return the text of a TOML file with ``additions`` in `[tool.orchestra]`, everything else byte for byte.

    ``is_own_file`` says that the file is an `orchestra.toml`, whose settings stand at the top level.
    Raises SettingsNotEditableError where the result would not mean exactly that.
    """
    if not additions:
        return text
    additions = {key: list(value) if isinstance(value, tuple) else value for key, value in additions.items()}
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = "".join(f"{key} = {_literal(value)}{newline}" for key, value in additions.items())
    result = _prepended(text, lines) if is_own_file else _in_table(text, lines, newline)
    wanted = _merged(tomllib.loads(text.replace("\r\n", "\n")), additions, is_own_file=is_own_file)
    if _parsed(result) != wanted:
        raise SettingsNotEditableError(
            "the settings cannot be added without touching the rest of the file",
            hint=f"Add them by hand below {_HEADER}: {lines.strip()}",
        )
    return result


def _in_table(text: str, lines: str, newline: str) -> str:
    rows = text.splitlines(keepends=True)
    for number, row in enumerate(rows):
        if row.split("#")[0].strip() == _HEADER:
            rows[number] = row if row.endswith("\n") else row + newline
            return "".join((*rows[: number + 1], lines, *rows[number + 1 :]))
    gap = "" if not text else newline if text.endswith("\n") else newline * 2
    return f"{text}{gap}{_HEADER}{newline}{lines}"


def _prepended(text: str, lines: str) -> str:
    return lines + text


def _merged(document: dict[str, Any], additions: Mapping[str, Any], *, is_own_file: bool) -> dict[str, Any]:
    if is_own_file:
        return {**document, **additions}
    tool = document.get("tool", {})
    return {**document, "tool": {**tool, "orchestra": {**tool.get("orchestra", {}), **additions}}}


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError:
        return None


def _literal(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
