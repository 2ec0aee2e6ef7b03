"""Run one rule over text. A case may hold several files, each after a line ``# file: path``."""

from __future__ import annotations

import re
from pathlib import Path

from orchestra_codemods.change import apply_edits
from orchestra_codemods.config import Config
from orchestra_codemods.lint.diagnostic import Diagnostic
from orchestra_codemods.lint.rule import Rule
from orchestra_codemods.lint.run import lint
from orchestra_codemods.project import Project, Sources
from orchestra_codemods.source import Source

TODAY = "2026-11-22"
_HEAD = re.compile(r"^# file: (\S+)\n", re.MULTILINE)


def files_of(rule: Rule, text: str) -> dict[str, str]:
    parts = _HEAD.split(text)
    if len(parts) == 1:
        return {rule.case_path: text}
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def project_of(files: dict[str, str], config: Config | None = None) -> Project:
    sources = Sources(Path("/nowhere"), (), {path: Source.new(path, text) for path, text in files.items()})
    return Project(Path("/nowhere"), sources, config or Config())


def findings(rule: Rule, text: str) -> list[Diagnostic]:
    return list(lint(project_of(files_of(rule, text)), [rule], today=TODAY).open)


def fixed(rule: Rule, text: str) -> str:
    """Apply fixes, safe and unsafe, one finding at a time, until none is left."""
    files = mended(rule, text)
    if not _HEAD.search(text):
        return files[rule.case_path]
    return "".join(f"# file: {path}\n{content}" for path, content in files.items())


def mended(rule: Rule, text: str, newline: str = "\n") -> dict[str, str]:
    """Return the files of a case after its fixes, with the line endings that they have."""
    files = {path: content.replace("\n", newline) for path, content in files_of(rule, text).items()}
    for _ in range(20):
        project = _as_read(files)
        found = [one for one in lint(project, [rule], today=TODAY).open if one.fix is not None]
        if not found:
            return files
        fix = found[0].fix
        assert fix is not None
        for path, edits in fix.by_path(found[0].path).items():
            files[path] = apply_edits(files.get(path, ""), edits)
    raise AssertionError("the fixes never end")


def _as_read(files: dict[str, str]) -> Project:
    sources = {path: Source.from_bytes(path, text.encode()) for path, text in files.items()}
    return Project(Path("/nowhere"), Sources(Path("/nowhere"), (), sources), Config())
