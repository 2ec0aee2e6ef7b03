"""What is reported: a finding with its code, its place, and a fingerprint that survives moving and
reformatting.
"""

from __future__ import annotations

import ast
import hashlib
from dataclasses import dataclass

from orchestra_codemods.change import Finding, Fix, Span
from orchestra_codemods.lint.rule import Rule
from orchestra_codemods.syntax.fact import Placed
from orchestra_codemods.syntax.file import File
from orchestra_codemods.syntax.hit import Hit


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding of one rule. ``suppressed`` is the reason of the comment that silences it."""

    path: str
    span: Span
    code: str
    rule: str
    message: str
    fingerprint: str
    fix: Fix | None = None
    suppressed: str | None = None

    @property
    def order(self) -> tuple[str, Span, str, str]:
        """By place, then by code."""
        return self.path, self.span, self.code, self.message

    def as_finding(self) -> Finding:
        """Return it as what a plan holds."""
        return Finding(self.code, self.path, self.span, self.message, self.fix)


def of_hit(rule: Rule, file: File, hit: Hit) -> Diagnostic:
    """Return the diagnostic of a hit in a file."""
    if isinstance(hit.at, Span):
        span, key = hit.at, fingerprint(rule.code, "", hit.message)
    else:
        span = _shown(file, hit.at)
        key = fingerprint(rule.code, file.symbol(hit.at), normal_text(hit.at))
    return Diagnostic(file.path, span, rule.code, rule.slug, hit.message, key, hit.fix)


def of_placed(rule: Rule, placed: Placed) -> Diagnostic:
    """Return the diagnostic of a hit that came from the facts of all files."""
    key = fingerprint(rule.code, placed.fact.symbol, placed.fact.name)
    return Diagnostic(placed.path, placed.fact.span, rule.code, rule.slug, placed.message, key, placed.fix)


def fingerprint(code: str, symbol: str, text: str) -> str:
    """Return 16 hexadecimal digits of rule, symbol path and normalised text; no path, no line, no layout."""
    return hashlib.sha256(f"{code}\0{symbol}\0{text}".encode()).hexdigest()[:16]


def normal_text(node: ast.AST) -> str:  # noqa: C901, PLR0911 - one line a kind of statement
    """Return a node as text that does not depend on layout; of a compound statement its head."""
    match node:
        case ast.ClassDef():
            return f"class {node.name}"
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return f"def {node.name}"
        case ast.While():
            return f"while {ast.unparse(node.test)}"
        case ast.For() | ast.AsyncFor():
            return f"for {ast.unparse(node.target)} in {ast.unparse(node.iter)}"
        case ast.If():
            return f"if {ast.unparse(node.test)}"
        case ast.Try() | ast.TryStar():
            return f"try {normal_text(node.body[0])}"
        case ast.ExceptHandler():
            return f"except {ast.unparse(node.type) if node.type else ''}"
        case ast.With() | ast.AsyncWith():
            return f"with {', '.join(ast.unparse(item) for item in node.items)}"
        case ast.Module():
            return ""
        case ast.Import() | ast.ImportFrom():
            return "import " + ", ".join(sorted(ast.unparse(alias) for alias in node.names))
        case _:
            return ast.unparse(node)


def _shown(file: File, node: ast.AST) -> Span:
    """Return the place to underline: of a compound statement its first line."""
    span = file.span(node)
    if not isinstance(
        node,
        ast.ClassDef
        | ast.FunctionDef
        | ast.AsyncFunctionDef
        | ast.While
        | ast.For
        | ast.AsyncFor
        | ast.If
        | ast.Try
        | ast.ExceptHandler
        | ast.With
        | ast.AsyncWith,
    ):
        return span
    start = file.start(node)
    line = file.text[start:].splitlines()[0].partition("#")[0].rstrip() if file.text[start:] else ""
    return Span(span.line, span.column, span.line, span.column + len(line))
