"""The plan that takes a finished run back, from what the tree has become since."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from orchestra_codemods.apply.merge import GitMissingError, MergeConflictError, problem_of_python, three_way
from orchestra_codemods.apply.reasons import Reason, refusal
from orchestra_codemods.apply.record import FileState, FileStep, Record
from orchestra_codemods.apply.tree import NotAFileError, Tree
from orchestra_codemods.change import Change, Plan, Refusal
from orchestra_codemods.source import Source, SourceError, digest_of


@dataclass(slots=True)
class Reversal:
    """What an undo would do. ``restored`` has the metadata of files that come back."""

    plan: Plan
    refusals: tuple[Refusal, ...]
    restored: Mapping[str, FileState]
    removed: tuple[str, ...]


@dataclass(slots=True)
class _Files:
    """The files of the run as they are (``now``) and as they shall be (``then``); None is absence."""

    contents: Mapping[str, bytes]
    now: dict[str, bytes | None] = field(default_factory=dict)
    then: dict[str, bytes | None] = field(default_factory=dict)
    merged: set[str] = field(default_factory=set)
    refusals: list[Refusal] = field(default_factory=list)

    def side(self, state: FileState | None) -> bytes | None:
        return None if state is None else self.contents[state.digest]


def reversal(tree: Tree, record: Record, contents: Mapping[str, bytes], keep: Collection[str]) -> Reversal:
    """Work out how to take a run back, keeping what somebody edited since.

    A file that still is as the run left it gets its old content. One that was edited since is merged; where
    that is not clean it is refused, and then nothing is undone.
    """
    origins = _origins(record)
    steps = {step.path: step for step in record.steps if not {step.path, step.real} & set(keep)}
    steps = {
        path: step for path, step in steps.items() if origins.get(path) is None or origins[path] in steps
    }
    files = _Files(contents)
    for step in steps.values():
        _look(tree, step, files)
    for path, step in steps.items():
        if path in files.now and path not in files.then:
            _take_back(step, steps.get(origins.get(path) or ""), files)
    plan = _plan(record, steps, files)
    restored = {step.real: step.before for step in steps.values() if step.before is not None}
    return Reversal(plan, tuple(files.refusals), restored, record.made)


def _origins(record: Record) -> dict[str, str]:
    return {note.path: note.origin for note in record.changes if note.origin is not None}


def _look(tree: Tree, step: FileStep, files: _Files) -> None:
    try:
        found = tree.observe(step.real)
    except (NotAFileError, NotADirectoryError):
        files.refusals.append(refusal(Reason.NOT_A_FILE, step.path))
    except OSError as error:
        files.refusals.append(refusal(Reason.CANNOT_READ, step.path, error.strerror or str(error)))
    else:
        files.now[step.path] = found.content if found else None


def _take_back(step: FileStep, origin: FileStep | None, files: _Files) -> None:
    before, after, now = files.side(step.before), files.side(step.after), files.now[step.path]
    if now in (after, before):
        files.then.setdefault(step.path, before)
    elif now is None:
        files.refusals.append(refusal(Reason.EDITED_SINCE, step.path, "it was deleted since"))
    elif after is None:
        files.refusals.append(refusal(Reason.EDITED_SINCE, step.path, "it was created anew since"))
    elif before is not None:
        _merge(step.path, step.path, (after, now, before), files)
    elif origin is not None and files.now.get(origin.path) == files.side(origin.after):
        files.then[step.path] = None
        old = files.side(origin.before)
        assert old is not None
        _merge(origin.path, step.path, (after, now, old), files)
    else:
        why = "the run created it, and it was edited since"
        files.refusals.append(refusal(Reason.EDITED_SINCE, step.path, why))


def _merge(into: str, path: str, versions: tuple[bytes, bytes, bytes], files: _Files) -> None:
    try:
        merged = three_way(*versions)
    except GitMissingError:
        files.refusals.append(refusal(Reason.MERGE_NEEDS_GIT, path))
    except MergeConflictError:
        files.refusals.append(refusal(Reason.MERGE_CONFLICT, path))
    else:
        problem = problem_of_python(into, merged)
        if problem is not None:
            files.refusals.append(refusal(Reason.MERGE_NOT_PYTHON, path, problem))
        files.then[into] = merged
        files.merged.add(into)


def _plan(record: Record, steps: Mapping[str, FileStep], files: _Files) -> Plan:
    changes: dict[str, Change] = {}
    for path, then in files.then.items():
        now = files.now[path]
        if now == then:
            continue
        try:
            sides = (_source(steps[path], now), _source(steps[path], then))
        except SourceError as error:
            files.refusals.append(refusal(Reason.CANNOT_READ, path, error.message))
            continue
        because = f"undo of {record.id}"
        changes[path] = Change(
            *sides, f"{because}; your edits since are kept" if path in files.merged else because
        )
    return Plan(tuple(_as_renames(changes, _origins(record))))


def _source(step: FileStep, content: bytes | None) -> Source | None:
    if content is None:
        return None
    digest = digest_of(content)
    for state in (step.before, step.after):
        if state is not None and state.digest == digest:
            return Source(step.real, content.decode(state.encoding), digest, state.encoding, state.newline)
    return Source.from_bytes(step.real, content)


def _as_renames(changes: dict[str, Change], origins: Mapping[str, str]) -> list[Change]:
    """Show a file that goes back to its old name as one change."""
    for path, origin in origins.items():
        there, back = changes.get(path), changes.get(origin)
        if there and back and there.after is None and back.before is None:
            changes[origin] = Change(there.before, back.after, back.because)
            del changes[path]
    return list(changes.values())
