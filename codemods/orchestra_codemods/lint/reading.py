"""Read every file of a project once: from the cache, at once where it is cheap, or in several processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from orchestra_codemods.change import Skipped
from orchestra_codemods.lint.analysis import Analyser, Analysis
from orchestra_codemods.lint.cache import Cache
from orchestra_codemods.lint.parsing import broken
from orchestra_codemods.project import Project
from orchestra_codemods.source import SourceError


@dataclass(slots=True)
class Reading:
    """What the files have to say by path, which cannot be read, and the bytes of those not parsed."""

    analyses: dict[str, Analysis] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)


def read(project: Project, analyser: Analyser, cache: Cache | None, jobs: int) -> Reading:
    """Return what the analyser says of every Python file; the result does not depend on ``jobs``."""
    reading, heavy = _first_look(project, analyser, cache, jobs)
    for path, found in _analysed(project, analyser, heavy, jobs):
        if isinstance(found, str):
            reading.skipped.append(Skipped(path, found))
            continue
        reading.analyses[path] = found
        if cache is not None:
            cache.put(path, heavy[path], found)
    return reading


def check_syntax(
    project: Project, reading: Reading, cache: Cache | None, paths: Iterable[str], *, most: int
) -> int:
    """Add, in place, what the parser says of those paths that no rule is concerned with.

    Nothing is added where they have more than ``most`` bytes. Return how many were not looked at.
    """
    unread = sorted(path for path in set(paths) & reading.sizes.keys())
    if sum(reading.sizes[path] for path in unread) > most:
        return len(unread)
    for path in unread:
        known = reading.analyses[path]
        if known.syntax is None:
            try:
                data = project.sources.data(path)
            except OSError as error:
                reading.skipped.append(Skipped(path, str(error)))
                continue
            known = replace(known, syntax=broken(path, data))
            if cache is not None:
                cache.put(path, data, known)
        reading.analyses[path] = replace(known, diagnostics=known.syntax or ())
    return 0


def _first_look(
    project: Project, analyser: Analyser, cache: Cache | None, jobs: int
) -> tuple[Reading, dict[str, bytes]]:
    """Return what is known or cheap to know, and the bytes of what must be parsed.

    With one process everything that the cache does not know counts as cheap.
    """
    reading, heavy = Reading(), dict[str, bytes]()
    for path in project.sources.python_paths():
        try:
            data = project.sources.data(path)
            found = cache.get(path, data) if cache is not None else None
            if found is None:
                if jobs != 1 and any(analyser.concerns(path, data)):
                    heavy[path] = data
                    continue
                found = analyser.analyse(path, data)
                if cache is not None:
                    cache.put(path, data, found)
        except (SourceError, OSError) as error:
            reading.skipped.append(Skipped(path, str(error)))
            continue
        reading.analyses[path] = found
        if found.is_unread:
            reading.sizes[path] = len(data)
    return reading, heavy


def _analysed(
    project: Project, analyser: Analyser, heavy: dict[str, bytes], jobs: int
) -> Iterator[tuple[str, Analysis | str]]:
    if not heavy:
        return
    from orchestra_codemods.lint.workers import analyse_in_processes, worthwhile

    sizes = {path: len(data) for path, data in heavy.items()}
    count = worthwhile(sizes.values(), jobs)
    if count > 1 and not project.sources.is_changed:
        codes = [rule.code for rule in analyser.rules]
        yield from sorted(analyse_in_processes(project.root, project.config, codes, sizes, count).items())
        return
    for path, data in heavy.items():
        try:
            yield path, analyser.analyse(path, data)
        except SourceError as error:
            yield path, str(error)
