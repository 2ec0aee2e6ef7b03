"""What lint found, for every format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from orchestra_cli.checking.request import Checked
from orchestra_cli.terminal import Style
from orchestra_codemods.change import Safety
from orchestra_codemods.lint.diagnostic import Diagnostic
from orchestra_codemods.project import Project
from orchestra_codemods.source import SourceError


@dataclass(frozen=True, slots=True)
class Findings:
    """The result of `orchestra lint`."""

    checked: Checked
    project: Project
    command: str = "lint"

    @property
    def new(self) -> tuple[Diagnostic, ...]:
        """The findings that count."""
        return self.checked.new

    def data(self) -> Mapping[str, Any]:
        """Return the findings as spec/cli.md has them."""
        return {"findings": [finding(one) for one in self.new]}

    def lines(self, style: Style) -> Iterable[str]:
        """Return each finding with its line of code, then a summary."""
        for one in self.new:
            place = f"{one.path}:{one.span.line}:{one.span.column + 1}"
            yield f"{style.bold(place)} {style.red(one.code)} {style.cyan(one.rule)} {one.message}"
            yield from self._excerpt(one, style)
        for skipped in self.checked.skipped:
            yield f"{style.yellow('skipped')} {skipped.path}: {skipped.why}"
        yield self._summary(style)

    def _excerpt(self, one: Diagnostic, style: Style) -> Iterator[str]:
        line = self.line(one)
        if line.strip():
            yield f"  {style.dim(f'{one.span.line:>5} |')} {line}"

    def line(self, one: Diagnostic) -> str:
        """Return the line of code that a finding stands on, or nothing where it cannot be read."""
        try:
            lines = self.project.sources[one.path].text.splitlines()
        except (KeyError, SourceError, OSError):
            return ""
        return lines[one.span.line - 1] if one.span.line <= len(lines) else ""

    def _summary(self, style: Style) -> str:
        count = len(self.new)
        parts = [f"{count} finding{'' if count == 1 else 's'}" if count else "nothing found"]
        safe = sum(one.fix is not None and one.fix.safety is Safety.SAFE for one in self.new)
        unsafe = sum(one.fix is not None and one.fix.safety is Safety.UNSAFE for one in self.new)
        if safe:
            parts.append(f"{safe} fixable with --fix")
        if unsafe:
            parts.append(f"{unsafe} with --unsafe-fixes")
        if self.checked.known:
            parts.append(f"{len(self.checked.known)} known")
        if self.checked.silenced:
            parts.append(f"{len(self.checked.silenced)} silenced")
        text = f"{', '.join(parts)} in {self.checked.files} file{'' if self.checked.files == 1 else 's'}"
        return style.yellow(text) if count else style.green(text)


def finding(one: Diagnostic) -> dict[str, Any]:
    """Return one finding for programs; lines and columns count from 1."""
    fix = None
    if one.fix is not None:
        # Programs take the edits for those of the finding's own file, as the format has it.
        own = one.fix.edits if list(one.fix.by_path(one.path)) == [one.path] else ()
        edits = [{"start": edit.start, "end": edit.end, "text": edit.text} for edit in own]
        fix = {"safety": str(one.fix.safety), "edits": edits}
    return {
        "code": one.code,
        "rule": one.rule,
        "path": one.path,
        "line": one.span.line,
        "column": one.span.column + 1,
        "end_line": one.span.end_line or one.span.line,
        "end_column": one.span.end_column + 1,
        "message": one.message,
        "fix": fix,
        "fingerprint": one.fingerprint,
    }
