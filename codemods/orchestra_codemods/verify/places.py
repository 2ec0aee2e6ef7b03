"""Changes that do not fit the files they are about."""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_codemods.verify.problem import Problem, Trial


def wrong_places(trial: Trial) -> Iterator[Problem]:
    """Yield changes that would overwrite a file, or were made for another text, or share a path."""
    seen: set[str] = set()
    for change in trial.plan.changes:
        if change.before is None:
            if change.path in trial.before.sources:
                yield Problem(change, "it would overwrite a file that exists")
        elif change.before.path not in trial.before.sources:
            yield Problem(change, "the file that it changes is not there")
        elif trial.before.sources[change.before.path].digest != change.before.digest:
            yield Problem(change, "it was made for another text of the file")
        if change.path in seen:
            yield Problem(change, "two changes lead to this path")
        seen.add(change.path)
