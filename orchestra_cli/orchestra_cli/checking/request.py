"""One run of lint: what was asked for, and what came of it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestra_cli import cache as places
from orchestra_cli.errors import InvalidValueError
from orchestra_codemods.change import Change, Skipped
from orchestra_codemods.lint.baseline import DEFAULT, Baseline
from orchestra_codemods.lint.cache import Cache, key_of
from orchestra_codemods.lint.diagnostic import Diagnostic
from orchestra_codemods.lint.parsing import PARSE_RULE, UNREAD
from orchestra_codemods.lint.rule import Rule
from orchestra_codemods.lint.run import lint
from orchestra_codemods.project import Project
from orchestra_codemods.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the options of `orchestra lint` say. ``paths`` None means the whole project."""

    rules: tuple[Rule, ...]
    paths: frozenset[str] | None = None
    baseline: str | None = None
    base: str | None = None
    jobs: int = 0
    use_cache: bool = True
    use_ruff: bool = True
    asked: frozenset[str] = frozenset()
    """Files that were named one by one; they must parse, whatever stands in them."""
    unread: int = UNREAD
    """Bytes of files that no rule is concerned with, up to which their syntax is checked."""


@dataclass(frozen=True, slots=True)
class Checked:
    """New findings, silenced and known ones, files that were skipped, and what a person should know."""

    new: tuple[Diagnostic, ...]
    silenced: tuple[Diagnostic, ...] = ()
    known: tuple[Diagnostic, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    files: int = 0
    notes: tuple[str, ...] = ()
    is_lasting: bool = True
    """Whether all of it can be said again while nothing changes: not that a cache had to be made anew."""


def check(project: Project, request: Request) -> Checked:
    """Lint, and take away what the baseline or the base revision knows."""
    from orchestra_cli.checking.ruff import NOT_ASKED, opinion

    ruff = opinion(project, request.paths) if request.use_ruff else NOT_ASKED
    cache = _cache(project, request) if request.use_cache else None
    report = lint(
        project,
        request.rules,
        request.paths,
        cache=cache,
        jobs=request.jobs,
        asked=request.asked | (ruff.unparsable & set(project.sources)),
        unread=request.unread,
    )
    is_lasting = cache is None or cache.problem is None
    notes = [one for one in (cache and cache.problem, ruff.note) if one]
    if report.unread and not ruff.answered:
        notes.append(_unread(report.unread))
    found = tuple(sorted({*report.open, *ruff.findings}, key=lambda one: one.order))
    known: tuple[Diagnostic, ...] = ()
    if request.base is not None:
        found, known = Baseline.of(_at_base(project, request, found)).split(found)
    baseline = read_baseline(project, request.baseline)
    if baseline is not None:
        notes += damage(baseline, request.baseline)
        found, more = baseline.split(found)
        known += more
    silenced = tuple(one for one in report.diagnostics if one.suppressed is not None)
    skipped = (*project.skipped, *report.skipped)
    return Checked(found, silenced, known, skipped, report.files, tuple(notes), is_lasting)


def read_baseline(project: Project, named: str | None) -> Baseline | None:
    """Return the baseline that is named, or the usual one where there is one. Raises InvalidValueError."""
    path = project.root / (named or DEFAULT)
    try:
        return Baseline.parse(path.read_bytes())
    except FileNotFoundError:
        if named is None:
            return None
        hint = f"`orchestra lint --write-baseline --baseline {named}` writes it."
        raise InvalidValueError(f"there is no baseline {named}", hint=hint) from None
    except OSError as error:
        hint = "Name another file with --baseline, or remove what is there."
        raise InvalidValueError(
            f"the baseline {path.name} cannot be read: {error.strerror}", hint=hint
        ) from None


def damage(baseline: Baseline, named: str | None) -> list[str]:
    """Return what to say of a baseline with lines that say nothing."""
    count = len(baseline.damaged)
    if not count:
        return []
    where = f"line {baseline.damaged[0]}" + (f" and {count - 1} more" if count > 1 else "")
    rest = "what can be read of it holds, and a run over the whole project writes it anew"
    return [f"{named or DEFAULT} is damaged ({where}): {rest}"]


def limited(root: Path, project: Project, paths: Sequence[str]) -> frozenset[str] | None:
    """Return the files that the arguments name, relative to the root. Raises InvalidValueError.

    A file that is there and does not belong to the project is left out: hooks name whatever was staged.
    """
    if not paths:
        return None
    found: set[str] = set()
    for given in paths:
        full = Path(given).resolve()
        if not full.is_relative_to(root):
            raise InvalidValueError(
                f"{given} is not in the project {root}", hint="Pass --root, or another path."
            )
        inside = full.relative_to(root).as_posix()
        below = {path for path in project.sources if inside in {".", path} or path.startswith(f"{inside}/")}
        if not below and not full.is_file():
            hint = "It does not exist, or nothing in it is of this project."
            raise InvalidValueError(f"nothing to check at {given}", hint=hint)
        found |= below
    return frozenset(found)


def named(root: Path, project: Project, paths: Sequence[str]) -> frozenset[str]:
    """Return the files of the project that the arguments name one by one."""
    given = (Path(one).resolve() for one in paths)
    inside = {one.relative_to(root).as_posix() for one in given if one.is_relative_to(root)}
    return frozenset(inside & set(project.sources))


def left_out(root: Path, project: Project, paths: Sequence[str]) -> tuple[str, ...]:
    """Return the files that the arguments name and that do not belong to the project."""
    given = [(one, Path(one).resolve()) for one in paths]
    return tuple(
        one
        for one, full in given
        if full.is_file()
        and full.is_relative_to(root)
        and full.relative_to(root).as_posix() not in project.sources
    )


def with_text(project: Project, path: str, data: bytes) -> Project:
    """Return the project with another content of one file, as an editor has it. Raises SourceError."""
    before = project.sources.get(path)
    return project.updated([Change(before, Source.from_bytes(path, data), "what the editor holds")])


def _at_base(project: Project, request: Request, found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    from orchestra_cli.checking.revision import at_revision

    assert request.base is not None
    before = at_revision(project, request.base)
    broken = frozenset(one.path for one in found if one.code == PARSE_RULE[0]) & set(before.sources)
    return lint(before, request.rules, jobs=1, asked=broken).open


def _unread(count: int) -> str:
    files = f"{count} file{'' if count == 1 else 's'} that no rule is concerned with"
    return f"the syntax of {files} was not checked: `--syntax` checks it, as does ruff where it is installed"


def _cache(project: Project, request: Request) -> Cache:
    key = key_of(request.rules, project.config)
    root = hashlib.sha256(str(project.root).encode()).hexdigest()[:16]
    return Cache(Path(places.folder()) / "lint" / f"{root}.json", key)


def today() -> str:
    """Return the date by which suppressions and records are judged."""
    return dt.datetime.now(tz=dt.UTC).date().isoformat()
