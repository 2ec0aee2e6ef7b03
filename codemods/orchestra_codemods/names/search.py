"""Find the files that mention words, with bytes alone: the cheap filter before anything is parsed."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from orchestra_codemods.project import Project


def files_with(
    project: Project, words: Collection[str], paths: Iterable[str] | None = None
) -> dict[str, set[str]]:
    """Return the paths that contain any of the words as a whole word, each with the words it contains.

    Files that cannot be read are left out. Looking for each word apart is several times faster than
    one alternation, up to some fifty words.
    """
    tests = [(word, word.encode(), _whole(word)) for word in sorted(words)]
    hits: dict[str, set[str]] = {}
    for path in project.sources if paths is None else paths:
        try:
            data = project.sources.data(path)
        except OSError:
            continue
        found = {word for word, raw, whole in tests if raw in data and whole.search(data)}
        if found:
            hits[path] = found
    return hits


def closure(
    project: Project,
    words: Collection[str],
    aliases_in: Callable[[str], Iterable[str]],
    paths: Iterable[str] | None = None,
) -> dict[str, set[str]]:
    """Return the files that mention the words, or a name that one of those files gives to what they mean.

    ``aliases_in`` says, for a file that was found, which further words to look for (`Name as Alias` in a
    module that others import from). Repeats until no new word turns up.
    """
    candidates = list(project.sources.python_paths() if paths is None else paths)
    hits: dict[str, set[str]] = {}
    known: set[str] = set()
    fresh = set(words)
    asked: set[str] = set()
    while fresh:
        known |= fresh
        for path, found in files_with(project, fresh, candidates).items():
            hits.setdefault(path, set()).update(found)
        fresh = {alias for path in sorted(set(hits) - asked) for alias in aliases_in(path)} - known
        asked |= set(hits)
    return dict(sorted(hits.items()))


def _whole(word: str) -> re.Pattern[bytes]:
    return re.compile(rb"(?<![A-Za-z0-9_])" + re.escape(word.encode()) + rb"(?![A-Za-z0-9_])")
