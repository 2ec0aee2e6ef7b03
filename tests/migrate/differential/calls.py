"""A call of a legacy class's method, as bytes that two copies of an application can read."""

from __future__ import annotations

import json
import pickle
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Call:
    """``place`` is `module:Class`; ``made_of`` are the arguments of the constructor."""

    place: str
    method: str
    made_of: tuple[tuple[Any, ...], dict[str, Any]] = ((), {})
    args: tuple[Any, ...] = ()
    keywords: dict[str, Any] = field(default_factory=dict)

    def line(self) -> str | None:
        """Return the call as a line of a file; None where an argument exists in its own process only."""
        try:
            data = pickle.dumps((self.made_of, self.args, self.keywords))
            pickle.loads(data)
        except Exception:
            return None
        return json.dumps([self.place, self.method, b64encode(data).decode()])


def read(line: str) -> Call:
    """Return the call of a line, with arguments that nobody has used yet."""
    place, method, data = json.loads(line)
    return Call(place, method, *pickle.loads(b64decode(data)))


def write(path: Path, calls: Iterator[Call]) -> None:
    """Write each call once, and leave out those that cannot be written."""
    lines = dict.fromkeys(line for line in (call.line() for call in calls) if line)
    path.write_text("".join(f"{line}\n" for line in lines))
