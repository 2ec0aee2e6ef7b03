"""The settings of a project, each with its origin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestra_cli.terminal import Style
from orchestra_codemods.config import Config
from orchestra_codemods.config.load import KEYS


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a project, as a result."""

    root: Path
    file: str
    config: Config
    command: str = "config-show"

    def data(self) -> Mapping[str, Any]:
        """Values and origins by the names that TOML has."""
        settings = [
            {"key": key, "value": _plain(getattr(self.config, name)), "origin": self._origin(name)}
            for key, name in KEYS.items()
        ]
        return {"root": str(self.root), "file": self.file, "settings": settings}

    def lines(self, style: Style) -> Iterable[str]:
        """One line a setting, as TOML would have it."""
        yield f"{style.dim('root')} {self.root}"
        yield f"{style.dim('file')} {self.file}"
        yield ""
        rows = [(key, _toml(getattr(self.config, name)), self._origin(name)) for key, name in KEYS.items()]
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        for key, value, origin in rows:
            line = f"{style.cyan(key.ljust(widths[0]))}  {value.ljust(widths[1])}  {style.dim(origin)}"
            yield line.rstrip()

    def _origin(self, name: str) -> str:
        return self.config.origins.get(name, "default")


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value


def _toml(value: Any) -> str:
    match value:
        case None:
            return "(none)"
        case str():
            return f'"{value}"'
        case tuple():
            return "[" + ", ".join(_toml(item) for item in value) + "]"
        case Mapping():
            return "{" + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + "}"
        case _:
            return str(value)
