"""Settings of the tools that check code, which go with the module that they name."""

from __future__ import annotations

import re

from orchestra_codemods.names import StringUse

_HEADING = re.compile(r"^\[+([^\]\n]+)\]", re.MULTILINE)
_TOOL = re.compile(
    r"(?:tool[.:])?(?:mypy|coverage|importlinter|ruff|pyright|pytest|pylint|flake8|isort|bandit|vulture)\b"
)


def is_tool_setting(text: str, use: StringUse) -> bool:
    """Tell whether a checker of code is told by it what to do with the module: that goes with the code.

    A module's name elsewhere in settings may be that of its logger, which stays what it was.
    """
    if not use.path.endswith((".toml", ".ini", ".cfg")):
        return False
    end = text.find("\n", use.string.place.start)
    headings = _HEADING.findall(text[: end if end >= 0 else len(text)])
    return bool(headings) and _TOOL.match(headings[-1]) is not None
