"""What `deprecations.toml` records, and modules that say themselves that they are deprecated."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from orchestra_codemods.change import Span
from orchestra_codemods.syntax.fact import Collector, Fact, Facts

PATH = "deprecations.toml"
_SHIM = re.compile(
    rb"^(?:orchestra\.moved\.|moved\.)?forward\(\s*__name__,\s*[\"']([\w.]+)[\"']", re.MULTILINE
)
_NOTICE = re.compile(rb"^_?leaving\(\s*__name__()", re.MULTILINE)
_MARK = re.compile(
    rb"\A\s*(?:#[^\n]*\n\s*)*(?:[rR]?[\"']{3}|#)[ \t]*(?:DEPRECATED\b|\.\. deprecated::|\*\*DEPRECATED\b)"
)


@dataclass(frozen=True, slots=True)
class Deprecation:
    """One record. Dates are YYYY-MM-DD; what is missing is empty."""

    name: str
    path: str
    replacement: str
    owner: str
    remove_on: str
    line: int


def deprecations(facts: Facts) -> Iterator[Deprecation]:
    """Yield the records of the project; a file that does not parse has none."""
    text = facts.read(PATH) if PATH in facts.paths else None
    if text is None:
        return
    try:
        tables: Any = tomllib.loads(text).get("module", [])
    except tomllib.TOMLDecodeError:
        return
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines, 1) if line.strip() == "[[module]]"]
    for position, table in enumerate(tables if isinstance(tables, list) else []):
        values = {
            key: str(table.get(key, "")) for key in ("name", "path", "replacement", "owner", "remove_on")
        }
        yield Deprecation(**values, line=starts[position] if position < len(starts) else 1)


def in_transition(facts: Facts) -> frozenset[str]:
    """Return the modules that replace a deprecated one whose date has not passed.

    A migration keeps there what the old module had: its instances, its constructors, its callers. Until the
    date, `orchestra status` counts what is left; from then on the rules do.
    """
    return frozenset(
        record.replacement
        for record in deprecations(facts)
        if record.replacement and record.remove_on and record.remove_on >= facts.today
    )


def span_of(record: Deprecation) -> Span:
    """Return the place of a record in its file."""
    return Span(record.line, 0, record.line, len("[[module]]"))


def _marked(path: str, data: bytes) -> Iterator[Fact]:
    own = _SHIM.search(data) or _NOTICE.search(data)
    if own is not None:
        line = data.count(b"\n", 0, own.start()) + 1
        head = own[0].partition(b"\n")[0].rstrip()
        yield Fact(path, Span(line, 0, line, len(head)), data={"how": "shim", "to": own[1].decode()})
    elif _MARK.match(data):
        yield Fact(path, Span(1, 0, 1, 0), data={"how": "mark", "to": ""})


MARKED = Collector(
    "marked",
    ((b"forward(", b"leaving(", b"DEPRECATED", b".. deprecated::"),),
    (),
    lambda _file, _node: iter(()),
    scan=_marked,
)
