"""docs/reference/migrated-packages.md, which is written from what a run over real packages measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from tests.corpus import refusal_reasons

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "reference" / "migrated-packages.md"
INTRODUCTION = HERE / "migrated_packages_introduction.md"
ROWS = HERE / "migrated_packages.tsv"
PACKAGES = HERE / "packages.txt"


@dataclass(frozen=True, kw_only=True)
class Row:
    """What the migration of one package came to. ``seconds`` is how long a dry run took.

    ``named_so`` are the candidates with names that orchestrators have, ``of_them`` those that were migrated.
    """

    package: str
    files: int
    dependencies: str
    candidates: int
    migrated: int
    adapters: int
    named_so: int
    of_them: int
    changed: int
    compared: int
    imported: int
    tests: str
    seconds: float
    wrong: int = 0

    @property
    def cells(self) -> list[str]:
        """What stands in the columns."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        values["seconds"] = f"{self.seconds:.1f}"
        values["refused"] = self.candidates - self.migrated
        return [str(values[name]) for name in _COLUMNS]

    @staticmethod
    def heading() -> str:
        """Return the line above a table that is printed."""
        return _aligned([name.replace("_", " ") for name in _COLUMNS])

    def line(self) -> str:
        """Return a line of the table that is printed."""
        return _aligned(self.cells)


@dataclass(frozen=True)
class Unfinished:
    """A package that took longer than it may, in seconds."""

    package: str
    limit: float

    @property
    def cells(self) -> list[str]:
        """What stands in the columns: nothing is known of it."""
        return [self.package, *["-"] * (len(_COLUMNS) - 3), f"> {self.limit:.0f}", "not finished"]

    def line(self) -> str:
        """Return a line of the table that is printed."""
        return _aligned(self.cells)


_COLUMNS = {
    "package": 26,
    "files": 7,
    "dependencies": 13,
    "candidates": 11,
    "migrated": 9,
    "adapters": 9,
    "refused": 8,
    "named_so": 9,
    "of_them": 8,
    "changed": 8,
    "compared": 9,
    "imported": 9,
    "tests": 12,
    "seconds": 8,
    "wrong": 6,
}
_WORDS = {"package", "dependencies", "tests"}


def _aligned(cells: Sequence[str]) -> str:
    return "".join(
        cell.ljust(width) if name in ("package", "tests") else cell.rjust(width - 1) + " "
        for cell, (name, width) in zip(cells, _COLUMNS.items(), strict=True)
    ).rstrip()


def keep(row: Row | Unfinished) -> None:
    """Keep a row instead of an older one of the same package."""
    kept = [*(line for line in _kept() if line[0] != row.package), row.cells]
    ROWS.write_text("".join("\t".join(cells) + "\n" for cells in sorted(kept)), encoding="utf-8")


def rendered() -> str:
    """Return the page, from all rows that are kept."""
    rows = _kept()
    sides = ("---" if name in _WORDS else "---:" for name in _COLUMNS)
    heading = " | ".join(name.replace("_", " ") for name in _COLUMNS)
    table = [f"| {heading} |", f"|{'|'.join(sides)}|", *(f"| {' | '.join(cells)} |" for cells in rows)]
    pinned = {one.replace("==", "-") for one in PACKAGES.read_text(encoding="utf-8").split()}
    missing = sorted(pinned - {cells[0] for cells in rows})
    pending = [f"Not measured yet: {', '.join(missing)}.", ""] if missing else []
    introduction = INTRODUCTION.read_text(encoding="utf-8")
    return "\n".join([introduction, *table, "", *pending, *refusal_reasons.section()])


def _kept() -> list[list[str]]:
    return [line.split("\t") for line in ROWS.read_text(encoding="utf-8").splitlines()]
