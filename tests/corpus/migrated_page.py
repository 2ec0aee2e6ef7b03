"""docs/reference/migrated-packages.md, which is written from what a run over real packages measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "reference" / "migrated-packages.md"
INTRODUCTION = HERE / "migrated_packages_introduction.md"
ROWS = HERE / "migrated_packages.tsv"
PACKAGES = HERE / "packages.txt"


@dataclass(frozen=True, kw_only=True)
class Row:
    """What the migration of one package came to. ``seconds`` is how long a dry run took."""

    package: str
    files: int
    dependencies: str
    candidates: int
    migrated: int
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
        return _aligned(list(_COLUMNS))

    def line(self) -> str:
        """Return a line of the table that is printed."""
        return _aligned(self.cells)


_COLUMNS = {
    "package": 26,
    "files": 7,
    "dependencies": 13,
    "candidates": 11,
    "migrated": 9,
    "refused": 8,
    "changed": 8,
    "compared": 9,
    "imported": 9,
    "tests": 12,
    "seconds": 8,
    "wrong": 6,
}


def _aligned(cells: Sequence[str]) -> str:
    return "".join(
        cell.ljust(width) if name in ("package", "tests") else cell.rjust(width - 1) + " "
        for cell, (name, width) in zip(cells, _COLUMNS.items(), strict=True)
    ).rstrip()


def write(rows: Sequence[Row]) -> None:
    """Keep the rows instead of older ones of the same packages, and write the page."""
    kept = {}
    if ROWS.exists():
        lines = ROWS.read_text(encoding="utf-8").splitlines()
        kept = {line.partition("\t")[0]: line.split("\t") for line in lines}
    kept |= {row.package: row.cells for row in rows}
    ordered = [kept[package] for package in sorted(kept)]
    ROWS.write_text("".join("\t".join(cells) + "\n" for cells in ordered), encoding="utf-8")
    table = [f"| {' | '.join(_COLUMNS)} |", "|---|---:|---|---:|---:|---:|---:|---:|---:|---|---:|---:|"]
    table += [f"| {' | '.join(cells)} |" for cells in ordered]
    missing = sorted({one.replace("==", "-") for one in PACKAGES.read_text().split()} - kept.keys())
    pending = f"\nNot measured yet: {', '.join(missing)}." if missing else ""
    PAGE.write_text("\n".join([INTRODUCTION.read_text(), *table, pending]), encoding="utf-8")
