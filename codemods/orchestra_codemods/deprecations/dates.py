"""The date that a deprecated module says itself, in its shim or its warning."""

from __future__ import annotations

import re
from datetime import date

from orchestra_codemods.source import Source

_SAID = re.compile(
    r"(?P<before>; this name hands everything on to it until |\bremove_on=\""
    r"| is deprecated and goes away on )\d{4}-\d{2}-\d{2}"
)


def says_so(text: str) -> bool:
    """Tell whether the module is a shim, or warns, as `deprecate mark` and the migration write it."""
    return "from orchestra.moved import forward" in text or " is deprecated and goes away on " in text


def redated(source: Source, day: date) -> Source:
    """Return the module with another date wherever its shim or warning says one."""
    if not says_so(source.text):
        return source
    return source.with_text(_SAID.sub(rf"\g<before>{day.isoformat()}", source.text))
