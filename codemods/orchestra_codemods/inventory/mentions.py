"""Account for every textual mention of a target: each falls in exactly one category."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from orchestra_codemods.inventory.model import Mention, MentionPlace, Mentions
from orchestra_codemods.inventory.values import Key
from orchestra_codemods.inventory.view import Views
from orchestra_codemods.names import (
    CONFIGURATION_SUFFIXES,
    Ambiguous,
    Definition,
    External,
    ModuleFacts,
    Offsets,
    Resolution,
    StringRole,
    Unresolved,
    Use,
    files_with,
    kept_lines,
)
from orchestra_codemods.source import PYTHON_SUFFIXES, SourceError

_KEYWORD = re.compile(r"\s*=(?!=)")
_LITERAL = re.compile(
    r"""#[^\r\n]*"""
    r'''|"""(?:[^\\]|\\.)*?"""|"(?:[^"\\\r\n]|\\.)*"'''
    r"""|'''(?:[^\\]|\\.)*?'''|'(?:[^'\\\r\n]|\\.)*'""",
    re.DOTALL,
)
_Verdict = tuple[Mention, str]
_TEXT: _Verdict = (Mention.TEXT, "")


def mentions(views: Views, targets: Mapping[Key, str]) -> Mentions:
    """Return every whole-word mention of the targets' class names in the project's files.

    ``targets`` maps the classes to be migrated to their class names. The counts add up to what
    `grep -ow` finds in the same files.
    """
    every, keys = frozenset(targets.values()), frozenset(targets)
    places: list[MentionPlace] = []
    for path, words in files_with(views.project, every).items():
        places += _in_file(views, path, words, every, keys)
    counts = Counter(place.category for place in places)
    by_category = {category: counts[category] for category in Mention if counts[category]}
    return Mentions(len(places), by_category, tuple(places))


def _in_file(
    views: Views, path: str, words: Collection[str], every: Collection[str], targets: Collection[Key]
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
    if not text.isascii():
        words = every  # where words are looked up, a sign outside ASCII counts as a letter
    for start, word in sorted((start, each) for each in words for start in _starts(text, each)):
        line, column = offsets.position(start)
        category, why = judge.of(start, word)
        yield MentionPlace(path, line, column, word, category, why)


def _starts(text: str, word: str) -> Iterator[int]:
    """Yield where a whole word stands; to look for each is faster than for all at once."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not (_is_in_word(text[start - 1 : start]) or _is_in_word(text[end : end + 1])):
            yield start
        start = text.find(word, end)


def _is_in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _judge(
    views: Views, path: str, text: str, targets: Collection[Key]
) -> _Judge | _Configuration | _OneVerdict:
    if not path.endswith(PYTHON_SUFFIXES):
        return (
            _Configuration(views, text, targets)
            if path.endswith(CONFIGURATION_SUFFIXES)
            else _OneVerdict(_TEXT)
        )
    facts = views.names.facts(path)
    if facts is None:
        why = views.names.problems.get(path, "it does not parse")
        return _OneVerdict((Mention.MANUAL, why))
    return _Judge(views, path, text, facts, targets)


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
    """Decides about the mentions in one Python file by what stands at their places, from its facts alone."""

    def __init__(
        self, views: Views, path: str, text: str, facts: ModuleFacts, targets: Collection[Key]
    ) -> None:
        self._views = views
        self._path = path
        self._text = text
        self._facts = facts
        self._targets = targets
        self._parts = dict(_parts(facts))
        self._bound = {binding.place.start: binding for binding in facts.bindings}
        self._literals = [match.span() for match in _LITERAL.finditer(text)]
        self._kept = kept_lines(text)

    def of(self, start: int, word: str) -> _Verdict:
        """Return the category of the mention at an offset, and what a person has to know about it."""
        verdict = self._of(start, word)
        if verdict[0] in (Mention.TEXT, Mention.OTHER_ORIGIN) or not self._is_kept(start):
            return verdict
        return Mention.SUPPRESSED, ""

    def _of(self, start: int, word: str) -> _Verdict:
        for number, site in enumerate(self._facts.imports):
            if site.place.start <= start < site.place.end:
                return self._imported(number, start)
        resolver = self._views.names.resolver
        part = self._parts.get(start)
        if part is not None:
            prefix, use = part
            category = Mention.STRING_REFERENCE if use.is_text else Mention.MIGRATED
            return self._verdict(resolver.resolve(self._path, prefix, use.scope), category)
        binding = self._bound.get(start)
        if binding is not None:
            return self._verdict(resolver.resolve(self._path, word, binding.scope), Mention.MIGRATED)
        if self._is_in_literal(start):
            return self._literal(start, word)
        return self._code(start, word)

    def _is_kept(self, start: int) -> bool:
        return bool(self._kept) and self._text.count("\n", 0, start) + 1 in self._kept

    def _is_in_literal(self, start: int) -> bool:
        number = bisect.bisect_right(self._literals, (start, len(self._text) + 1)) - 1
        return number >= 0 and start < self._literals[number][1]

    def _imported(self, number: int, start: int) -> _Verdict:
        for item, name in enumerate(self._facts.imports[number].names):
            last = (name.alias_place or name.place).end
            if name.place.start <= start < last:
                found = self._views.names.resolver.resolve_import(self._path, number, item)
                return self._verdict(found, Mention.IMPORT)
        return _TEXT  # a comment between the names, or a module that has the class's name

    def _code(self, start: int, word: str) -> _Verdict:
        if self._text[:start].rstrip().endswith("."):
            return Mention.MANUAL, "an attribute of something that is not known"
        found = self._views.names.resolver.resolve(self._path, word, self._facts.scope_at(start))
        if isinstance(found, Unresolved) and _KEYWORD.match(self._text, start + len(word)):
            return Mention.OTHER_ORIGIN, "a parameter of that name"
        return self._verdict(found, Mention.MIGRATED)

    def _literal(self, start: int, word: str) -> _Verdict:
        for string in self._facts.strings:
            if string.place.start <= start < string.place.end:
                return self._dotted_string(string.text, string.role, start - string.place.start + len(word))
        return _TEXT

    def _dotted_string(self, text: str, role: StringRole, end: int) -> _Verdict:
        resolver, path = self._views.names.resolver, self._path
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


def _parts(facts: ModuleFacts) -> Iterator[tuple[int, tuple[str, Use]]]:
    """Yield where each part of each attribute chain starts, with the chain up to there."""
    for use in facts.uses:
        names = use.dotted.split(".")
        for number, end in enumerate(use.parts):
            yield end - len(names[number]), (".".join(names[: number + 1]), use)


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
