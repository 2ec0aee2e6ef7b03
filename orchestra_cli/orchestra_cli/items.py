"""What a stream yields, printed as it comes: a line for each item."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from orchestra_cli.formats.json import document
from orchestra_cli.terminal import write_out


class ReaderGone(Exception):  # noqa: N818 - not an error of the program, an outcome
    """Nobody reads the items any more, as with `… | head`: enough was read."""


def _as_text(item: Any) -> None:
    _print(f"{item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)}\n")


def _as_json(item: Any) -> None:
    _print(document("run-item", {"item": item}))


def _print(line: str) -> None:
    if not write_out(line):
        raise ReaderGone


PRINTERS: Mapping[str, Callable[[Any], None]] = {"text": _as_text, "json": _as_json}
"""What prints an item, by output format. Raises ReaderGone."""
