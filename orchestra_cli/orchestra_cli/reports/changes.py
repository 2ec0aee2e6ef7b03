"""What was written, or would be: changes, refusals and skipped files, for every command that edits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestra_cli.terminal import Style
from orchestra_codemods.change import Applied, Change, Failed, Kind, Outcome, Proof, Refusal, Refused

_SIGNS = {Kind.CREATE: "+", Kind.EDIT: "~", Kind.DELETE: "-", Kind.RENAME: ">"}

PROVEN = {
    Proof.COMPILES: "compiled",
    Proof.SAME_TREE: "same tree",
    Proof.IMPORTS: "imported",
    Proof.TESTED: "tested",
}
"""What is said of a change that is proven to a level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeReport:
    """The outcome of a command that edits files.

    ``more`` are further members of the JSON; ``summary`` stands for the usual one, ``closing`` below it.
    """

    command: str
    outcome: Outcome
    shows_diff: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)
    closing: tuple[str, ...] = ()
    summary: str | None = None

    def data(self) -> Mapping[str, Any]:
        """Return id, changes, refusals and skipped files."""
        plan = self.outcome.plan
        return {
            "id": self._id,
            "changes": [self._change(change) for change in plan.changes],
            "refusals": [_refusal(refusal) for refusal in self._refusals],
            "skipped": [{"path": skipped.path, "why": skipped.why} for skipped in plan.skipped],
            **self.more,
        }

    def lines(self, style: Style) -> Iterable[str]:
        """Return a line for each change, what was not done and why, what a person has to do, what is next."""
        plan = self.outcome.plan
        # Where the tree refused, none of the changes was made: naming them would say otherwise.
        for change in () if isinstance(self.outcome, Refused) else plan.changes:
            yield change_line(change, style)
            if self.shows_diff:
                yield from diff_lines(change, style)
        for refusal in self._refusals:
            yield f"{style.yellow(f'refused[{refusal.unit}]')} {_place(refusal)}: {refusal.why}"
            yield f"  {style.dim(refusal.what_to_do)}"
        for skipped in plan.skipped:
            yield f"{style.yellow('skipped')} {skipped.path}: {skipped.why}"
        for finding in plan.findings:
            yield f"{style.yellow('to do')} {finding.path}:{finding.span.line}: {finding.message}"
        yield self.summary or self._summary(style)
        yield from self.closing

    @property
    def _id(self) -> str | None:
        return self.outcome.id if isinstance(self.outcome, Applied | Failed) else None

    @property
    def _refusals(self) -> tuple[Refusal, ...]:
        own = self.outcome.refusals if isinstance(self.outcome, Refused) else ()
        return (*self.outcome.plan.refusals, *own)

    def _change(self, change: Change) -> dict[str, Any]:
        entry: dict[str, Any] = {"path": change.path, "kind": str(change.kind), "because": change.because}
        if change.proof in PROVEN:
            entry["proof"] = change.proof.name.lower().replace("_", "-")
        if change.kind is Kind.RENAME and change.before is not None:
            entry["from"] = change.before.path
        if self.shows_diff:
            entry["diff"] = "".join(f"{line}\n" for line in unified(change))
        return entry

    def _summary(self, style: Style) -> str:
        count = _files(len(self.outcome.plan.changes))
        match self.outcome:
            case Applied(id=run) if self.outcome.plan.changes:
                return f"{style.green('done')} {count} changed; `orchestra undo {run}` takes it back"
            case Failed(id=run):
                remedy = f"`orchestra resume` finishes {run}, `orchestra undo` takes it back"
                return f"{style.red('stopped')} {remedy}"
            case Refused():
                return "nothing was changed"
            case _ if self.outcome.plan.changes:
                return f"{count} would change"
            case _:
                return "nothing to change"


def unified(change: Change) -> Iterator[str]:
    """Yield the lines of a unified diff of a change, as git would show it."""
    from difflib import unified_diff

    before, after = change.before, change.after
    old = _rows(before.text) if before else []
    new = _rows(after.text) if after else []
    names = (f"a/{before.path}" if before else "/dev/null", f"b/{after.path}" if after else "/dev/null")
    yield from unified_diff(old, new, *names, lineterm="")


def diff_lines(change: Change, style: Style) -> Iterator[str]:
    """Yield the diff of a change in colours."""
    for line in unified(change):
        if line.startswith(("---", "+++")):
            yield style.bold(line)
        elif line.startswith("@@"):
            yield style.cyan(line)
        else:
            colour = {"-": style.red, "+": style.green}.get(line[:1], str)
            yield colour(line)


def _rows(text: str) -> list[str]:
    # Not splitlines, which also splits at form feeds and separators inside strings.
    rows = text.replace("\r\n", "\n").split("\n")
    return rows[:-1] if rows[-1] == "" else rows


def change_line(change: Change, style: Style) -> str:
    """Return a change in one line: what, which file, why, and how it is proven."""
    origin = f" from {change.before.path}" if change.kind is Kind.RENAME and change.before else ""
    proof = f" [{PROVEN[change.proof]}]" if change.proof in PROVEN else ""
    return f"{_SIGNS[change.kind]} {style.bold(change.path)}{origin}  {style.dim(change.because + proof)}"


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "path": refusal.path,
        "line": refusal.span.line,
        "unit": refusal.unit,
        "why": refusal.why,
        "what_to_do": refusal.what_to_do,
    }


def _place(refusal: Refusal) -> str:
    return f"{refusal.path}:{refusal.span.line}" if refusal.span.line else refusal.path


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
