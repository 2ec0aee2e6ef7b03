"""The options of `orchestra lint`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """As they stand in the command's help."""

    paths: tuple[str, ...] = ()
    stdin_filename: str | None = None
    fix: bool = False
    unsafe_fixes: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    preview: bool = False
    baseline: str | None = None
    write_baseline: bool = False
    base: str | None = None
    jobs: int = 0
    ruff: bool = True
    syntax: bool = False
    diff: bool = False
    allow_dirty: bool = False
    no_cache: bool = False
    output_format: str = "text"

    @property
    def is_stdin(self) -> bool:
        """Whether the text comes from an editor."""
        return self.paths == ("-",)

    @property
    def is_plain(self) -> bool:
        """Whether the whole project is checked by the usual rules, so that the baseline may become
        smaller.
        """
        return not (self.paths or self.select or self.ignore or self.base or self.preview)
