"""docs/reference/migrated-packages.md, which is written from what a run over real packages measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from tests.corpus import refusal_reasons

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "reference" / "migrated-packages.md"
INTRODUCTION = HERE / "migrated_packages_introduction.md"
ROWS = HERE / "migrated_packages.tsv"
DEFAULT = "auto"
PACKAGES = HERE / "packages.txt"


@dataclass(frozen=True, kw_only=True)
class Row:
    """What the migration of one package came to. ``seconds`` is how long a dry run took.

    ``named_so`` are the candidates with names that orchestrators have, ``plain`` those that inherit nothing
    and have no decorator.
    """

    package: str
    placement: str
    files: int
    dependencies: str
    candidates: int
    migrated: int
    adapters: int
    moved: int
    named_so: int
    named_so_migrated: int
    plain: int
    plain_migrated: int
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
        return [str(values[name]) for name in _KEPT]

    @staticmethod
    def heading() -> str:
        """Return the line above a table that is printed."""
        return _aligned([name.replace("_", " ") for name in _KEPT])

    def line(self) -> str:
        """Return a line of the table that is printed."""
        return _aligned(self.cells)


@dataclass(frozen=True)
class Unfinished:
    """A package that took longer than it may, in seconds."""

    package: str
    placement: str
    limit: float

    @property
    def cells(self) -> list[str]:
        """What stands in the columns: nothing is known of it."""
        known = {
            "package": self.package,
            "placement": self.placement,
            "seconds": f"> {self.limit:.0f}",
            "wrong": "not finished",
        }
        return [known.get(name, "-") for name in _KEPT]

    def line(self) -> str:
        """Return a line of the table that is printed."""
        return _aligned(self.cells)


_WIDTHS = {
    "package": 26,
    "placement": 11,
    "files": 7,
    "dependencies": 13,
    "candidates": 11,
    "migrated": 9,
    "adapters": 9,
    "moved": 6,
    "refused": 8,
    "changed": 8,
    "compared": 9,
    "imported": 9,
    "tests": 12,
    "seconds": 8,
    "wrong": 6,
}
_KEPT = (*_WIDTHS, "named_so", "named_so_migrated", "plain", "plain_migrated")
_WORDS = {"package", "placement", "dependencies", "tests"}
_CHOSEN = {
    "package": "package",
    "candidates": "candidates",
    "migrated": "migrated",
    "named_so": "named like orchestrators",
    "named_so_migrated": "migrated",
    "plain": "plain",
    "plain_migrated": "migrated",
}


def _aligned(cells: Sequence[str]) -> str:
    return "".join(
        cell.ljust(width) if name in ("package", "placement", "tests") else cell.rjust(width - 1) + " "
        for cell, (name, width) in zip(cells, _WIDTHS.items(), strict=False)
    ).rstrip()


def keep(row: Row | Unfinished) -> None:
    """Keep a row instead of an older one of the same package and placement."""
    kept = [*(line for line in _kept() if line[:2] != row.cells[:2]), row.cells]
    ROWS.write_text("".join("\t".join(cells) + "\n" for cells in sorted(kept)), encoding="utf-8")


def rendered() -> str:
    """Return the page, from all rows that are kept."""
    rows = [dict(zip(_KEPT, cells, strict=True)) for cells in _kept()]
    pinned = {one.replace("==", "-") for one in PACKAGES.read_text(encoding="utf-8").split()}
    by_default = [row for row in rows if row["placement"] == DEFAULT]
    missing = sorted(pinned - {row["package"] for row in by_default})
    pending = [f"Not measured yet: {', '.join(missing)}.", ""] if missing else []
    done, chosen = _table(rows, {name: name for name in _WIDTHS}), _table(by_default, _CHOSEN)
    texts = INTRODUCTION.read_text(encoding="utf-8").split("<!-- table -->\n")
    assert len(texts) == 4
    tables = ["\n".join(done + pending), "\n".join(chosen), "\n".join(refusal_reasons.table())]
    return "".join(f"{text}{table}" for text, table in zip(texts, [*tables, ""], strict=True))


def _table(rows: Sequence[Mapping[str, str]], columns: Mapping[str, str]) -> list[str]:
    sides = ("---" if name in _WORDS else "---:" for name in columns)
    lines = (f"| {' | '.join(row[name] for name in columns)} |" for row in rows)
    return [f"| {' | '.join(columns.values())} |", f"|{'|'.join(sides)}|", *lines, ""]


def _kept() -> list[list[str]]:
    return [line.split("\t") for line in ROWS.read_text(encoding="utf-8").splitlines()]
