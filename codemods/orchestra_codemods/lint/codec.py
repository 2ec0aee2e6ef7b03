"""Analyses as plain JSON values, for the cache. What is read back is checked by being rebuilt."""

from __future__ import annotations

from typing import Any

from orchestra_codemods.change import Edit, Fix, Safety, Span
from orchestra_codemods.lint.analysis import Analysis
from orchestra_codemods.lint.diagnostic import Diagnostic
from orchestra_codemods.lint.suppressions import Suppression
from orchestra_codemods.syntax.fact import Fact


def encoded(analysis: Analysis) -> list[Any]:
    """Return an analysis without its path."""
    return [
        [_diagnostic(one) for one in analysis.diagnostics],
        [
            [kind, one.name, _span(one.span), one.symbol, dict(one.data), _fix(one.fix)]
            for kind, one in analysis.facts
        ],
        [
            [_span(one.span), list(one.rules), one.reason, one.until, list(one.lines), _edit(one.removal)]
            for one in analysis.suppressions
        ],
        _reading(analysis),
    ]


def decoded(path: str, value: Any) -> Analysis:
    """Return the analysis of a file. Raises ValueError, TypeError, KeyError or IndexError for anything
    else.
    """
    diagnostics, facts, suppressions, reading = value
    return Analysis(
        path,
        tuple(_diagnostic_from(path, one) for one in diagnostics),
        tuple(
            (str(kind), Fact(str(name), Span(*span), str(symbol), dict(data), _fix_from(fix)))
            for kind, name, span, symbol, data, fix in facts
        ),
        tuple(
            Suppression(
                Span(*span), tuple(rules), str(reason), str(until), (lines[0], lines[1]), Edit(*removal)
            )
            for span, rules, reason, until, lines, removal in suppressions
        ),
        is_unread=reading is not True,
        syntax=tuple(_diagnostic_from(path, one) for one in reading) if isinstance(reading, list) else None,
    )


def _reading(analysis: Analysis) -> bool | list[Any]:
    """Return whether the file was parsed for the rules, or what its syntax is where that is known."""
    if analysis.syntax is None:
        return not analysis.is_unread
    return [_diagnostic(one) for one in analysis.syntax]


def _diagnostic(one: Diagnostic) -> list[Any]:
    return [_span(one.span), one.code, one.rule, one.message, one.fingerprint, _fix(one.fix)]


def _diagnostic_from(path: str, value: Any) -> Diagnostic:
    span, code, rule, message, fingerprint, fix = value
    return Diagnostic(path, Span(*span), str(code), str(rule), str(message), str(fingerprint), _fix_from(fix))


def _span(span: Span) -> list[int]:
    return [span.line, span.column, span.end_line, span.end_column]


def _edit(edit: Edit) -> list[Any]:
    return [edit.start, edit.end, edit.text]


def _fix(fix: Fix | None) -> list[Any] | None:
    if fix is None:
        return None
    beside = [[path, [_edit(one) for one in edits]] for path, edits in fix.beside]
    return [str(fix.safety), [_edit(one) for one in fix.edits], fix.path, beside]


def _fix_from(value: Any) -> Fix | None:
    if value is None:
        return None
    safety, edits, path, beside = value
    return Fix(_edits(edits), Safety(safety), path, tuple((str(one), _edits(more)) for one, more in beside))


def _edits(value: Any) -> tuple[Edit, ...]:
    return tuple(Edit(*one) for one in value)
