"""Every file that is written can be compiled, and compiles with no warning that it had not before."""

from __future__ import annotations

import json
import tomllib
import warnings
from collections import Counter
from collections.abc import Callable, Iterator

from orchestra_codemods.source import Source
from orchestra_codemods.verify.problem import Problem, Trial


def does_not_compile(trial: Trial) -> Iterator[Problem]:
    """Yield the changes whose text is no Python, unless it was none before."""
    known = Counter[str]()
    for change in trial.python:
        if change.before is not None:
            known += _compiled(change.before)[1]
    for change in trial.python:
        if change.after is None:
            continue
        error, warned = _compiled(change.after)
        if error is not None:
            yield Problem(change, f"what it would write is no Python: {error.msg}", error.lineno or 1)
        elif warned - known:
            yield Problem(change, f"compiling it would warn: {next(iter(warned - known))}")


def unreadable_settings(trial: Trial) -> Iterator[Problem]:
    """Yield the changes after which a TOML or JSON file that could be read cannot be."""
    for change in trial.plan.changes:
        read = _READERS.get(change.path.rpartition(".")[2])
        if read is None or change.after is None or (change.before and not _can(read, change.before)):
            continue
        if not _can(read, change.after):
            yield Problem(
                change, f"{change.path} could not be read as {change.path.rpartition('.')[2].upper()}"
            )


def _can(read: Callable[[str], object], source: Source) -> bool:
    try:
        read(source.text)
    except ValueError:
        return False
    return True


_READERS: dict[str, Callable[[str], object]] = {"toml": tomllib.loads, "json": json.loads}


def _compiled(source: Source) -> tuple[SyntaxError | None, Counter[str]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            compile(source.data, source.path, "exec", dont_inherit=True)
        except SyntaxError as error:
            return error, Counter()
        except (ValueError, RecursionError, MemoryError) as error:
            return SyntaxError(str(error)), Counter()
    return None, Counter(f"{one.category.__name__}: {one.message}" for one in caught)
