"""What `orchestra explain` says about a code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from orchestra_cli.codes import Code
from orchestra_cli.help import paragraphs
from orchestra_cli.terminal import Style, width


@dataclass(frozen=True, slots=True)
class Explanation:
    """One code."""

    code: Code
    command: str = "explain"

    def data(self) -> Mapping[str, Any]:
        """Return code, kind and text."""
        return {"code": self.code.code, "kind": self.code.kind, "text": self.code.text}

    def lines(self, style: Style) -> Iterable[str]:
        """Return the text, wrapped."""
        yield style.bold(f"{self.code.kind}[{self.code.code}]")
        yield ""
        yield from paragraphs(self.code.text, width())
