"""Account for every textual mention of a target: each falls in exactly one category."""

from __future__ import annotations

import ast
import bisect
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from orchestra_codemods.inventory.model import Mention, MentionPlace, Mentions
from orchestra_codemods.inventory.values import Key
from orchestra_codemods.inventory.view import View, Views
from orchestra_codemods.names import (
    CONFIGURATION_SUFFIXES,
    Ambiguous,
    Definition,
    External,
    Offsets,
    Resolution,
    StringRole,
    Unresolved,
    dotted_name,
    files_with,
)
from orchestra_codemods.source import PYTHON_SUFFIXES, SourceError

KEEP = re.compile(r"#\s*orchestra:\s*keep\b")
_Verdict = tuple[Mention, str]
_TEXT: _Verdict = (Mention.TEXT, "")


def mentions(views: Views, targets: Mapping[Key, str]) -> Mentions:
    """Return every whole-word mention of the targets' class names in the project's files.

    ``targets`` maps the classes to be migrated to their class names. The counts add up to what
    `grep -ow` finds in the same files.
    """
    words = frozenset(targets.values())
    if not words:
        return Mentions()
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(words)))})(?!\w)")
    places: list[MentionPlace] = []
    for path in sorted(files_with(views.project, words)):
        places += _in_file(views, path, pattern, frozenset(targets))
    counts = Counter(place.category for place in places)
    by_category = {category: counts[category] for category in Mention if counts[category]}
    return Mentions(len(places), by_category, tuple(places))


def _in_file(
    views: Views, path: str, pattern: re.Pattern[str], targets: Collection[Key]
) -> Iterator[MentionPlace]:
    try:
        text = views.project.sources[path].text
    except OSError:
        return
    except SourceError as error:
        data = views.project.sources.data(path)
        if b"\0" in data:
            return  # a binary file, which grep does not count in either
        text = data.decode("utf-8", "replace")
        judge: _Judge | _Configuration | _OneVerdict = _OneVerdict((Mention.MANUAL, error.message))
    else:
        judge = _judge(views, path, text, targets)
    offsets = Offsets(text)
    for match in pattern.finditer(text):
        line, column = offsets.position(match.start())
        category, why = judge.of(match.start(), match.group())
        yield MentionPlace(path, line, column, match.group(), category, why)


def _judge(
    views: Views, path: str, text: str, targets: Collection[Key]
) -> _Judge | _Configuration | _OneVerdict:
    if not path.endswith(PYTHON_SUFFIXES):
        return (
            _Configuration(views, text, targets)
            if path.endswith(CONFIGURATION_SUFFIXES)
            else _OneVerdict(_TEXT)
        )
    view = views.view(path)
    if view is None:
        why = views.names.problems.get(path, "it does not parse")
        return _OneVerdict((Mention.MANUAL, why))
    return _Judge(views, view, targets)


class _OneVerdict:
    def __init__(self, verdict: _Verdict) -> None:
        self._verdict = verdict

    def of(self, *_: object) -> _Verdict:
        return self._verdict


class _Configuration:
    """A settings file: a dotted name that leads to a target is a reference, anything else is text."""

    _DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*(?::[^\W\d][\w.]*)?")

    def __init__(self, views: Views, text: str, targets: Collection[Key]) -> None:
        self._spans = [match.span() for match in self._DOTTED.finditer(text)]
        self._text = text
        self._views = views
        self._targets = targets

    def of(self, start: int, word: str) -> _Verdict:
        number = bisect.bisect_right(self._spans, (start, len(self._text) + 1)) - 1
        dotted = self._text[slice(*self._spans[number])] if number >= 0 else word
        if "." not in dotted and ":" not in dotted:
            return _TEXT
        found = self._views.names.resolver.resolve_absolute(dotted)
        is_target = isinstance(found, Definition) and _class_key(found, self._targets) is not None
        return (Mention.STRING_REFERENCE, "") if is_target else _TEXT


class _Judge:
    """Decides about the mentions in one Python file by what stands at their places."""

    def __init__(self, views: Views, view: View, targets: Collection[Key]) -> None:
        self._views = views
        self._view = view
        self._targets = targets
        self._imports: list[tuple[int, int, int]] = []
        self._strings: dict[int, tuple[str, bool]] = {}
        self._string_spans: list[tuple[int, int]] = []
        self._words: dict[int, ast.AST] = {}
        self._scopes: dict[ast.AST, int] = {}
        self._kept = {number for number, line in enumerate(_lines(view.text), 1) if KEEP.search(line)}
        self._read()

    def of(self, start: int, word: str) -> _Verdict:
        """Return the category of the mention at an offset, and what a person has to know about it."""
        verdict = self._of(start, word)
        line, _ = self._view.offsets.position(start)
        if line in self._kept and verdict[0] not in (Mention.TEXT, Mention.OTHER_ORIGIN):
            return Mention.SUPPRESSED, ""
        return verdict

    def _of(self, start: int, word: str) -> _Verdict:
        for first, last, number in self._imports:
            if first <= start < last:
                return self._imported(number, start)
        node = self._words.get(start)
        if node is not None:
            return self._code(node)
        span = self._span_around(start)
        if span is not None:
            return self._string(start, word)
        return _TEXT  # a comment

    def _read(self) -> None:
        view = self._view
        for number, site in enumerate(view.facts.imports):
            self._imports.append((site.place.start, site.place.end, number))
        waiting: list[tuple[ast.AST, int]] = [(view.tree, 0)]
        while waiting:
            node, scope = waiting.pop()
            self._scopes[node] = scope
            self._place(node)
            inner = view.scope_of(node, scope)
            is_opening = isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            outer = (
                {*getattr(node, "decorator_list", ()), *getattr(node, "bases", ())} if is_opening else set()
            )
            waiting += [(child, scope if child in outer else inner) for child in ast.iter_child_nodes(node)]
        for binding in view.facts.bindings:
            self._words.setdefault(binding.place.start, _Bound(binding.scope, binding.name))
        for use in view.facts.uses:
            self._note_use(use.dotted, use.parts, use.scope, is_text=use.is_text)
        self._string_spans.sort()

    def _note_use(self, dotted: str, ends: tuple[int, ...], scope: int, *, is_text: bool) -> None:
        parts = dotted.split(".")
        for number, end in enumerate(ends):
            prefix = ".".join(parts[: number + 1])
            self._words.setdefault(end - len(parts[number]), _Dotted(scope, prefix, is_text=is_text))

    def _place(self, node: ast.AST) -> None:
        offsets = self._view.offsets
        if isinstance(node, ast.Name):
            self._words[offsets.place(node).start] = node
        elif isinstance(node, ast.Attribute):
            self._words[offsets.place(node).end - len(node.attr)] = node
        elif isinstance(node, ast.keyword) and node.arg:
            self._words[offsets.offset(node.lineno, node.col_offset)] = node
        elif (isinstance(node, ast.Constant) and isinstance(node.value, str)) or isinstance(
            node, ast.JoinedStr
        ):
            place = offsets.place(node)
            self._string_spans.append((place.start, place.end))

    def _span_around(self, start: int) -> tuple[int, int] | None:
        number = bisect.bisect_right(self._string_spans, (start, len(self._view.text) + 1)) - 1
        for span in reversed(self._string_spans[max(0, number - 8) : number + 1]):
            if span[0] <= start < span[1]:
                return span
        return None

    def _imported(self, number: int, start: int) -> _Verdict:
        site = self._view.facts.imports[number]
        for item, name in enumerate(site.names):
            last = (name.alias_place or name.place).end
            if name.place.start <= start < last:
                found = self._views.names.resolver.resolve_import(self._view.path, number, item)
                return self._verdict(found, Mention.IMPORT)
        return _TEXT  # a comment between the names, or a module that has the class's name

    def _code(self, node: ast.AST) -> _Verdict:
        if isinstance(node, ast.keyword):
            return Mention.OTHER_ORIGIN, "a parameter of that name"
        resolver, path = self._views.names.resolver, self._view.path
        if isinstance(node, _Dotted):
            return self._verdict(resolver.resolve(path, node.dotted, node.scope), node.category)
        if isinstance(node, _Bound):
            return self._verdict(resolver.resolve(path, node.name, node.scope), Mention.MIGRATED)
        dotted = dotted_name(node)
        if dotted is None:
            return Mention.MANUAL, "an attribute of something that is not known"
        found = resolver.resolve(path, dotted, self._scopes[node])
        if isinstance(found, Unresolved) and "." in dotted:
            return Mention.MANUAL, "an attribute of something that is not known"
        return self._verdict(found, Mention.MIGRATED)

    def _string(self, start: int, word: str) -> _Verdict:
        for string in self._view.facts.strings:
            if string.place.start <= start < string.place.end:
                return self._dotted_string(string.text, string.role, start - string.place.start + len(word))
        return _TEXT

    def _dotted_string(self, text: str, role: StringRole, end: int) -> _Verdict:
        resolver, path = self._views.names.resolver, self._view.path
        if role is StringRole.ALL:
            found = resolver.resolve(path, text)
            if isinstance(found, Unresolved):
                return Mention.MANUAL, f"listed in `__all__`, never imported: {found.why}"
            return self._verdict(found, Mention.STRING_REFERENCE)
        if role is StringRole.LOGGER or ("." not in text and ":" not in text):
            return _TEXT
        found = resolver.resolve_absolute(text[:end], path)
        if isinstance(found, Definition) and _class_key(found, self._targets) is not None:
            return Mention.STRING_REFERENCE, ""
        if isinstance(found, Definition):
            return Mention.OTHER_ORIGIN, ""
        is_loaded = role in (StringRole.PATCH, StringRole.IMPORT)
        return (Mention.MANUAL, _why(found)) if is_loaded and not isinstance(found, External) else _TEXT

    def _verdict(self, found: Resolution, category: Mention) -> _Verdict:
        if isinstance(found, Definition):
            return (
                (category, "") if _class_key(found, self._targets) is not None else (Mention.OTHER_ORIGIN, "")
            )
        if isinstance(found, External):
            return Mention.OTHER_ORIGIN, ""
        return Mention.MANUAL, _why(found)


class _Bound(ast.AST):
    """Where a name is bound by something that is no expression: a class, a function, a parameter."""

    def __init__(self, scope: int, name: str) -> None:
        super().__init__()
        self.scope = scope
        self.name = name


class _Dotted(ast.AST):
    """A part of an attribute chain that stands in a string, as annotation or in an f-string."""

    def __init__(self, scope: int, dotted: str, *, is_text: bool) -> None:
        super().__init__()
        self.scope = scope
        self.dotted = dotted
        self.category = Mention.STRING_REFERENCE if is_text else Mention.MIGRATED


def _class_key(found: Definition, targets: Collection[Key]) -> Key | None:
    """Return the target which a definition is, or is a member of."""
    path, name = found.key
    path = (
        path.removesuffix("i") if path.endswith(".pyi") else path
    )  # a stub declares what its module defines
    parts = name.split(".")
    keys = ((path, ".".join(parts[:length])) for length in range(1, len(parts) + 1))
    return next((key for key in keys if key in targets), None)


def _why(found: Resolution) -> str:
    return found.why if isinstance(found, Unresolved | Ambiguous) else ""


def _lines(text: str) -> list[str]:
    return re.split(r"\r\n|\r|\n", text)
