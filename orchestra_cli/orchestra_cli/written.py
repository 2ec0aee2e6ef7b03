"""Files that a command writes because it was asked for a report, by the same writer as all others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orchestra_cli.errors import ChangeRefusedError, OutsideRootError, UsageError
from orchestra_cli.session import Session
from orchestra_codemods.change import Change, Plan, Refused
from orchestra_codemods.source import Source


class NoReportError(UsageError):
    """A report is not written over a file that does not begin as such a report does.

    So that neither source nor settings are lost to a file name that was meant otherwise.
    """

    code = "no-report"


def write_reports(session: Session, texts: Mapping[Path, str], *, command: str) -> None:
    """Write each text to its file, relative to where the command runs; what is the same is left alone.

    Raises OutsideRootError, NoReportError, and ChangeRefusedError where a file cannot be written.
    """
    from orchestra_codemods.apply import apply

    root = session.locate().root
    changes = []
    for file, text in texts.items():
        full = (Path.cwd() / file).resolve()
        if not full.is_relative_to(root):
            raise OutsideRootError(f"{file} lies outside the project {root}", hint="Name a file inside it.")
        path = full.relative_to(root).as_posix()
        before = Source.from_bytes(path, full.read_bytes()) if full.is_file() else None
        after = Source.new(path, text) if before is None else before.with_text(text)
        if before is not None and before.text.strip() and _first_line(before.text) != _first_line(text):
            raise NoReportError(
                f"{file} exists and is no report of this kind",
                hint="Name another file, or delete it first.",
            )
        if after != before:
            changes.append(Change(before, after, "the report that was asked for", (command,)))
    if changes:
        outcome = apply(root, Plan(changes=tuple(changes)), command=f"orchestra {command}")
        if isinstance(outcome, Refused):
            raise ChangeRefusedError.of(outcome.refusals[0], len(outcome.refusals))
        session.narrate(f"wrote {', '.join(change.path for change in changes)}")


def _first_line(text: str) -> str:
    return text.lstrip().partition("\n")[0].strip()
