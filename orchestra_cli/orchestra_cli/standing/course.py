"""The course of a migration: the same measure, taken on commits of the project's own history."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from orchestra.errors import OrchestraError
from orchestra_cli import cache
from orchestra_cli.git import is_repository
from orchestra_cli.session import Session
from orchestra_cli.standing.commits import Blob, Commit, commits_since, contents, files_of, tree_name
from orchestra_cli.standing.measure import measured
from orchestra_cli.standing.model import Point, Progress
from orchestra_codemods.config import Config
from orchestra_codemods.deprecations.record import PATH

POINTS = 12
_KEPT = "course"
_PERIODS: tuple[Callable[[date], object], ...] = (
    date.isoformat,
    lambda day: day.isocalendar()[:2],
    lambda day: (day.year, day.month),
    lambda day: (day.year, (day.month - 1) // 3),
    lambda day: day.year,
)
"""What two commits have in common that fall into the same day, week, month, quarter or year."""


def course_of(
    session: Session, root: Path, config: Config, now: Progress, *, uses_cache: bool
) -> tuple[Point, ...]:
    """Return the points since the package for orchestrators or the first deprecation record appeared.

    The last is the project as it is now. Each commit is judged by today's settings, once: what was measured
    is kept in the user's cache, by the name that git gives to the content. A commit whose files cannot be
    had, or whose records cannot be read, is left out.
    """
    today = now.point("", date.today().isoformat())  # noqa: DTZ011 - a day on the reader's calendar
    if not is_repository(root):
        return (today,)
    commits = thinned(commits_since(root, [PATH, *_homes(config)]), POINTS)
    kept = _kept(root, config) if uses_cache else {}
    trees = {commit: tree_name(root, commit) for commit in commits}
    missing = [commit for commit in commits if trees[commit] and trees[commit] not in kept]
    if missing:
        with session.progress("Looking through the history"), tempfile.TemporaryDirectory() as copy:
            for commit, progress in _measured(root, config, missing, Path(copy)):
                kept[trees[commit]] = asdict(progress.point("", ""))
    if missing and uses_cache:
        cache.write(_KEPT, str(root), [], {"config": repr(config), "points": kept})
    points = [
        Point(**{**kept[trees[commit]], "commit": commit.name, "day": commit.day})
        for commit in commits
        if trees[commit] in kept
    ]
    return (*points, today)


def thinned(commits: Sequence[Commit], most: int) -> list[Commit]:
    """Return at most ``most`` commits: all, or the last of each day, week, month, quarter or year.

    The first is always among them, and what is chosen stays the same as the history grows, until the next
    longer period is needed.
    """
    chosen = list(commits)
    for period in _PERIODS:
        if len(chosen) <= most:
            break
        last = {period(date.fromisoformat(commit.day)): commit for commit in commits}
        chosen = list(dict.fromkeys((commits[0], *last.values())))
    return [chosen[0], *chosen[1:][1 - most :]] if chosen else []


def _measured(
    root: Path, config: Config, commits: Iterable[Commit], copy: Path
) -> Iterable[tuple[Commit, Progress]]:
    """Yield the progress at each commit; the files lie in ``copy``, and what differs is changed there."""
    from orchestra_codemods.inventory import take
    from orchestra_codemods.scan import scan
    from orchestra_codemods.scan.listing import Listed

    there: Mapping[str, Blob] = {}
    for commit in commits:
        wanted = files_of(root, commit)
        for path in there.keys() - wanted.keys():
            (copy / path).unlink(missing_ok=True)
        for path, data in contents(root, [blob for path, blob in wanted.items() if there.get(path) != blob]):
            file = copy / path
            _clear(copy, file)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        there = wanted
        project = scan(copy, config, [Listed(path, is_tracked=True) for path in wanted])
        try:
            yield commit, measured(copy, config, project, take(project))
        except OrchestraError:
            continue


def _clear(copy: Path, file: Path) -> None:
    """Make way where a folder was a file before, or a file a folder."""
    import shutil

    for above in file.parents:
        if above == copy:
            break
        if above.is_file():
            above.unlink()
    if file.is_dir():
        shutil.rmtree(file)


def _homes(config: Config) -> list[str]:
    """Return where the package for orchestrators may lie, in any of the source roots."""
    home = config.package.replace(".", "/")
    roots = config.source_roots or ("src", ".")
    return [f"{root.strip('/')}/{home}".removeprefix("./") for root in roots]


def _kept(root: Path, config: Config) -> dict[str, Any]:
    found = cache.read(_KEPT, str(root))
    return dict(found["points"]) if found and found.get("config") == repr(config) else {}
