"""What a deprecated module says itself, in the shim or notice that marking and migrating write."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from orchestra_codemods.source import Source

_SHIM = re.compile(r"^forward\(\s*__name__,\s*\"(?P<to>[\w.]+)\"", re.MULTILINE)
_NOTICE = re.compile(r"^_leaving\(\s*__name__[^)]*\)", re.MULTILINE)
_INSTEAD = re.compile(r"\breplacement=\"(?P<to>[\w.]+)\"")
_DAY = re.compile(
    r"(?P<before>\b[Tt]his name hands everything on to it until "
    r"|\b(?:forward|_leaving)\([^)]*?\bremove_on=\")"
    r"(?P<day>\d{4}-\d{2}-\d{2})"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A module's own words. ``is_shim`` where it hands on; otherwise its code is there and it only warns."""

    is_shim: bool
    replacement: str | None
    day: date | None


def said(text: str) -> Said | None:
    """Return what a module says, None where it says nothing."""
    shim, notice = _SHIM.search(text), _NOTICE.search(text)
    if (shim is None and notice is None) or "from orchestra.moved import " not in text:
        return None
    if shim is not None:
        return Said(True, shim["to"], _day(text))
    instead = _INSTEAD.search(notice[0]) if notice else None
    return Said(False, instead["to"] if instead else None, _day(text))


def redated(source: Source, day: date) -> Source:
    """Return the module with another date wherever its shim or notice says one."""
    if said(source.text) is None:
        return source
    return source.with_text(_DAY.sub(rf"\g<before>{day.isoformat()}", source.text))


def notice(day: date, replacement: str | None) -> str:
    """Return the statement of a module that stays alive and warns, with ``\\n`` endings."""
    instead = f'    replacement="{replacement}",\n' if replacement else ""
    return f'_leaving(\n    __name__,\n    remove_on="{day.isoformat()}",\n{instead})'


def with_notice(source: Source, day: date, replacement: str | None) -> Source:
    """Return a module that has a notice with another one in its place."""
    fresh = notice(day, replacement).replace("\n", source.newline)
    return source.with_text(_NOTICE.sub(lambda _: fresh, source.text, count=1))


def _day(text: str) -> date | None:
    found = _DAY.search(text)
    try:
        return date.fromisoformat(found["day"]) if found else None
    except ValueError:
        return None
