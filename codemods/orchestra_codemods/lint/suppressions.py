"""Comments that silence a finding: ``# orchestra: ignore[rule, …] reason until=2027-01-31``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from orchestra_codemods.change import Edit, Fix, Safety, Span
from orchestra_codemods.lint.diagnostic import Diagnostic, fingerprint
from orchestra_codemods.syntax.file import File

TOKEN = b"orchestra:"
_COMMENT = re.compile(r"#\s*orchestra:\s*ignore\b(?:\[(?P<rules>[^\]]*)\])?(?P<rest>[^#]*)")
_UNTIL = re.compile(r"\buntil=(\S+)")
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\Z")
SUPPRESSION_RULE = ("ORC901", "suppression-without-reason")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment. ``lines`` is what it covers; ``removal`` the edit that takes it out."""

    span: Span
    rules: tuple[str, ...]
    reason: str
    until: str
    lines: tuple[int, int]
    removal: Edit

    def covers(self, diagnostic: Diagnostic, today: str) -> bool:
        """Tell whether it silences a diagnostic today."""
        at = {diagnostic.span.line, diagnostic.span.end_line}
        return (
            bool({diagnostic.code, diagnostic.rule} & set(self.rules))
            and any(self.lines[0] <= line <= self.lines[1] for line in at)
            and not self.is_expired(today)
        )

    def is_expired(self, today: str) -> bool:
        """Tell whether its date has passed."""
        return bool(self.until) and today > self.until


def suppressions(file: File) -> Iterator[Suppression]:
    """Yield the comments of a file that silence something."""
    for line, column, text in file.comments:
        match = _COMMENT.search(text)
        if match is None:
            continue
        rest = match["rest"]
        until = _UNTIL.search(rest)
        start = file.offset(line, 0) + column
        alone = not file.text[file.offset(line, 0) : start].strip()
        first, last = start + match.start(), start + match.end()
        removal = _removal(file, line, first, last, alone=alone and match.start() == 0)
        yield Suppression(
            Span(line, column + match.start(), line, column + match.end()),
            tuple(part.strip() for part in (match["rules"] or "").split(",") if part.strip()),
            _UNTIL.sub("", rest).strip(" -—:,"),
            until[1] if until else "",
            (line, line + 1) if alone else (line, line),
            removal,
        )


def _removal(file: File, line: int, first: int, last: int, *, alone: bool) -> Edit:
    rest_of_line = re.compile(r"[^\r\n]*").match(file.text, last)
    assert rest_of_line is not None
    if rest_of_line[0].strip():
        return Edit(first, last, "")
    if alone:
        ending = re.compile(r"\r\n|\r|\n|\Z").match(file.text, rest_of_line.end())
        assert ending is not None
        return Edit(file.offset(line, 0), ending.end(), "")
    before = file.text[file.offset(line, 0) : first]
    return Edit(first - (len(before) - len(before.rstrip())), rest_of_line.end(), "")


def apply(
    path: str,
    found: Iterable[Diagnostic],
    comments: Iterable[Suppression],
    known: dict[str, str],
    today: str,
    *,
    all_rules_ran: bool,
) -> Iterator[Diagnostic]:
    """Yield the diagnostics of one file, silenced where a comment says so, and what is wrong with comments.

    ``known`` maps codes and slugs to codes. Unused comments are only reported where all rules ran.
    """
    comments = tuple(comments)
    used: set[tuple[Suppression, str]] = set()
    for diagnostic in found:
        by = next((one for one in comments if one.covers(diagnostic, today)), None)
        if by is None:
            yield diagnostic
        else:
            used |= {(by, diagnostic.code), (by, diagnostic.rule)}
            yield replace(diagnostic, suppressed=by.reason or "no reason given")
    for comment in comments:
        for message, fix in _complaints(comment, used, known, today, all_rules_ran=all_rules_ran):
            key = fingerprint(SUPPRESSION_RULE[0], ",".join(comment.rules), message)
            yield Diagnostic(path, comment.span, *SUPPRESSION_RULE, message, key, fix)


def _complaints(
    comment: Suppression,
    used: set[tuple[Suppression, str]],
    known: dict[str, str],
    today: str,
    *,
    all_rules_ran: bool,
) -> Iterator[tuple[str, Fix | None]]:
    if not comment.rules:
        yield "name the rules in brackets: `# orchestra: ignore[dangling-task] reason`", None
        return
    for rule in comment.rules:
        if rule not in known:
            yield f"there is no rule `{rule}`{_nearest(rule, known)}", None
    if comment.until and not _DATE.match(comment.until):
        yield f"`until={comment.until}` is not a date like 2027-01-31", None
    elif comment.is_expired(today):
        yield f"this suppression was valid until {comment.until}", None
    if not comment.reason:
        yield "say why this is silenced, after the brackets", None
    unused = [rule for rule in comment.rules if rule in known and (comment, rule) not in used]
    if unused and all_rules_ran and not comment.is_expired(today) and len(unused) == len(comment.rules):
        fix = Fix((comment.removal,), Safety.SAFE)
        yield f"nothing here is silenced by `{', '.join(unused)}`", fix


def _nearest(rule: str, known: dict[str, str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(rule, known, n=1)
    return f"; did you mean `{close[0]}`?" if close else ""
