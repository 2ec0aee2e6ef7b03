"""What each file had to say, kept by the digest of its bytes, for one set of rules and settings.

A cache that cannot be read, or holds nonsense, is reported once and made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orchestra_codemods
from orchestra_codemods.config import Config
from orchestra_codemods.lint.analysis import Analysis
from orchestra_codemods.lint.codec import decoded, encoded
from orchestra_codemods.lint.rule import Rule

_CODE = ("lint", "rules", "syntax", "names")


class Cache:
    """Analyses by path, valid while the digest of the bytes is the same. ``problem`` says what was
    wrong with it.
    """

    def __init__(self, file: Path, key: str) -> None:
        """Read what is kept; entries of another key count as none."""
        self._file = file
        self._key = key
        self._kept: dict[str, Any] = {}
        self._used: dict[str, Any] = {}
        self._is_changed = False
        self.problem: str | None = None
        self._read()

    def get(self, path: str, data: bytes) -> Analysis | None:
        """Return the analysis of the bytes under that path, or None."""
        entry = self._kept.get(path)
        try:
            if entry is None or entry[0] != _digest(data):
                return None
            analysis = decoded(path, entry[1])
        except (ValueError, TypeError, KeyError, IndexError, AttributeError):
            self.problem = f"the cache {self._file} holds nonsense for {path}; it is made anew"
            return None
        self._used[path] = entry
        return analysis

    def put(self, path: str, data: bytes, analysis: Analysis) -> None:
        """Keep an analysis."""
        self._used[path] = [_digest(data), encoded(analysis)]
        self._is_changed = True

    def save(self) -> None:
        """Write what was used in this run; a cache that cannot be written is no error."""
        if not self._is_changed and len(self._used) == len(self._kept):
            return
        beside = self._file.with_suffix(f".{os.getpid()}")
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside.write_text(json.dumps({"key": self._key, "files": self._used}, separators=(",", ":")))
            beside.replace(self._file)
        except OSError:
            return

    def _read(self) -> None:
        try:
            entry = json.loads(self._file.read_text())
            if entry["key"] == self._key:
                self._kept = dict(entry["files"])
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError) as error:
            self.problem = f"the cache {self._file} cannot be read ({type(error).__name__}); it is made anew"
            self._is_changed = True


def key_of(rules: Iterable[Rule], config: Config) -> str:
    """Return what a cached analysis depends on beside the file: the rules, their code, the settings."""
    parts = [repr(config), *(rule.code for rule in rules)]
    root = Path(orchestra_codemods.__file__).parent
    for folder in _CODE:
        for path in sorted((root / folder).glob("*.py")):
            status = path.stat()
            parts.append(f"{path.name}:{status.st_size}:{status.st_mtime_ns}")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()
