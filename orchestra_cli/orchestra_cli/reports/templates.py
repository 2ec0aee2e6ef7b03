"""What `orchestra templates` prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from orchestra_cli.errors import InvalidValueError
from orchestra_cli.session import Session
from orchestra_cli.terminal import Style
from orchestra_templates.check import Flaw, check_template
from orchestra_templates.errors import TemplateError
from orchestra_templates.found import all_templates
from orchestra_templates.template import read_template


@dataclass(frozen=True, slots=True)
class TemplateList:
    """All templates, each with what it offers; ``why_not`` says why one cannot be used."""

    rows: tuple[Mapping[str, Any], ...]
    command: str = "templates"

    @classmethod
    def of(cls, session: Session) -> TemplateList:
        """Read the templates of the project that the session is in, or of none."""
        from orchestra_codemods.config import ConfigNotFoundError

        try:
            root, config = session.configured()
            folders = config.templates
        except ConfigNotFoundError:
            root, folders = Path.cwd(), ()
        return cls(tuple(_row(*found) for found in all_templates(root, folders)))

    def data(self) -> Mapping[str, Any]:
        """Return the templates."""
        return {"templates": list(self.rows)}

    def lines(self, style: Style) -> Iterable[str]:
        """Return a line for each template, and what it has below."""
        for row in self.rows:
            yield f"{style.bold(row['name'])}  {row['summary'] or row['why_not']}"
            if row["why_not"] is None:
                own = ", ".join((*row["operations"], *row["background"])) or "empty"
                about = f"{row['layer']}, {row['type']}: {own}; from {row['origin']}"
                yield f"  {style.dim(about)}"


def _row(name: str, origin: str, folder: Path) -> Mapping[str, Any]:
    row: dict[str, Any] = {"name": name, "origin": origin, "path": str(folder), "why_not": None}
    try:
        found = read_template(folder, name, origin)
    except TemplateError as error:
        return {**row, "summary": "", "layer": None, "type": None, "why_not": error.message} | {
            "operations": [],
            "background": [],
        }
    return {
        **row,
        "summary": found.summary,
        "layer": found.layer,
        "type": found.type.lower(),
        "operations": list(found.operations),
        "background": list(found.background),
    }


@dataclass(frozen=True, slots=True)
class CheckedTemplate:
    """What is wrong with one template."""

    folder: Path
    flaws: tuple[Flaw, ...]
    command: str = "templates"

    @classmethod
    def of(cls, folder: Path) -> CheckedTemplate:
        """Check a folder. Raises InvalidValueError where it is none."""
        if not folder.is_dir():
            raise InvalidValueError(f"--check {folder} is not a folder", hint="Name the template's folder.")
        return cls(folder, tuple(check_template(folder)))

    def data(self) -> Mapping[str, Any]:
        """Return the flaws."""
        return {"checked": str(self.folder), "flaws": [asdict(flaw) for flaw in self.flaws]}

    def lines(self, style: Style) -> Iterable[str]:
        """Return two lines for each flaw."""
        for flaw in self.flaws:
            place = f"{flaw.file}:{flaw.line}" if flaw.line else flaw.file
            yield f"{style.bold(place)}: {flaw.message}"
            yield f"  {style.dim(flaw.hint)}"
        count = len(self.flaws)
        yield f"{self.folder.name}: " + (style.green("nothing is wrong") if not count else f"{count} to mend")
