"""What one file has to say: its diagnostics, its facts for the whole-project rules, its suppressions."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from orchestra_codemods.config import Config
from orchestra_codemods.lint import suppressions as comments
from orchestra_codemods.lint.diagnostic import Diagnostic, of_hit
from orchestra_codemods.lint.parsing import UNREADABLE, unparsable
from orchestra_codemods.lint.rule import Rule
from orchestra_codemods.lint.suppressions import Suppression
from orchestra_codemods.source import Source
from orchestra_codemods.syntax.fact import Collector, Fact, Tokens
from orchestra_codemods.syntax.file import File, looks_like_test
from orchestra_codemods.syntax.prefilter import Part, matches


@dataclass(frozen=True, slots=True)
class Analysis:
    """The result of one file; plain values.

    A file that no rule is concerned with ``is_unread``: it was not parsed. ``syntax`` is then what the
    parser says of it, or None where it was not asked.
    """

    path: str
    diagnostics: tuple[Diagnostic, ...] = ()
    facts: tuple[tuple[str, Fact], ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    is_unread: bool = False
    syntax: tuple[Diagnostic, ...] | None = None


class Analyser:
    """Looks at files by a fixed set of rules. Files that no rule's tokens fit are not parsed."""

    def __init__(self, rules: Iterable[Rule], config: Config) -> None:
        self.rules = tuple(rules)
        self.config = config
        collectors = {one.kind: one for rule in self.rules for one in rule.facts}
        self._local = tuple(rule for rule in self.rules if rule.check is not None)
        self._collectors = tuple(one for one in collectors.values() if one.scan is None)
        self._scanners = tuple(one for one in collectors.values() if one.scan is not None)
        self._tables: dict[tuple[object, ...], dict[type[ast.AST], list[Any]]] = {}

    def concerns(self, path: str, data: bytes) -> tuple[tuple[Rule, ...], tuple[Collector, ...]]:
        """Return the rules and collectors which path and bytes may concern."""
        seen: dict[Part, bool] = {}
        is_test = looks_like_test(path)
        return (
            tuple(
                one
                for one in self._local
                if (one.in_tests or not is_test)
                and (one.applies is None or one.applies(self.config, path))
                and _fits(data, one.tokens, seen)
            ),
            tuple(
                one for one in self._collectors if one.in_tests == is_test and _fits(data, one.tokens, seen)
            ),
        )

    def analyse(self, path: str, data: bytes) -> Analysis:
        """Return what the file has to say; a file that does not parse has one diagnostic.

        The bytes are decoded and parsed only where some rule is concerned. Raises SourceError.
        """
        rules, collectors = self.concerns(path, data)
        silences = comments.TOKEN in data
        scanned = tuple(
            (one.kind, fact)
            for one in self._scanners
            if one.scan is not None and _fits(data, one.tokens, {})
            for fact in one.scan(path, data)
        )
        if not (rules or collectors or silences):
            return Analysis(path, facts=scanned, is_unread=True)
        source = Source.from_bytes(path, data)
        try:
            file = File(source, self.config)
        except UNREADABLE as error:
            return Analysis(source.path, (unparsable(source.path, error, data),))
        found: list[Diagnostic] = []
        facts: list[tuple[str, Fact]] = list(scanned)
        table = self._table(rules, collectors)
        if table:
            try:
                self._visit(file, table, found, facts)
            except RecursionError as error:
                return Analysis(source.path, (unparsable(source.path, error, data),))
        silent = tuple(comments.suppressions(file)) if silences else ()
        return Analysis(
            source.path, tuple(sorted(set(found), key=lambda one: one.order)), tuple(facts), silent
        )

    def _table(
        self, rules: tuple[Rule, ...], collectors: tuple[Collector, ...]
    ) -> dict[type[ast.AST], list[Any]]:
        key = (rules, collectors)
        table = self._tables.get(key)
        if table is None:
            table = {}
            ones: tuple[Rule | Collector, ...] = (*rules, *collectors)
            for one in ones:
                for node in one.nodes:
                    table.setdefault(node, []).append(one)
            self._tables[key] = table
        return table

    def _visit(
        self,
        file: File,
        table: dict[type[ast.AST], list[Any]],
        found: list[Diagnostic],
        facts: list[tuple[str, Fact]],
    ) -> None:
        visitors = {kind: _visitor(file, ones, found, facts) for kind, ones in table.items()}
        for node in file.nodes:
            visit = visitors.get(node.__class__)
            if visit is not None:
                visit(node)


def _visitor(
    file: File, ones: list[Rule | Collector], found: list[Diagnostic], facts: list[tuple[str, Fact]]
) -> Callable[[ast.AST], None]:
    def visit(node: ast.AST) -> None:
        for one in ones:
            if isinstance(one, Collector):
                facts.extend((one.kind, fact) for fact in one.collect(file, node))
            elif one.check is not None:
                found.extend(of_hit(one, file, hit) for hit in one.check(file, node))

    return visit


def _fits(data: bytes, tokens: Tokens, seen: dict[Part, bool]) -> bool:
    for group in tokens:
        for token in group:
            there = seen.get(token)
            if there is None:
                there = seen[token] = matches(token, data)
            if there:
                break
        else:
            return False
    return True


def by_kind(analyses: Iterable[Analysis]) -> dict[str, tuple[tuple[str, Fact], ...]]:
    """Return the facts of all files by kind, in the order of paths."""
    found: dict[str, list[tuple[str, Fact]]] = {}
    for analysis in sorted(analyses, key=lambda one: one.path):
        for kind, fact in analysis.facts:
            found.setdefault(kind, []).append((analysis.path, fact))
    return {kind: tuple(facts) for kind, facts in found.items()}
