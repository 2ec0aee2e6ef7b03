"""Everything that must hold before the first write, for all files, and what will be written then."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from orchestra_codemods.apply.paths import UnsafePathError, ancestors_of, check_path, fold, name_of, parent_of
from orchestra_codemods.apply.reasons import Reason, refusal
from orchestra_codemods.apply.record import ChangeNote, FileState, FileStep
from orchestra_codemods.apply.tree import NotAFileError, Observed, OutsideRootError, Tree
from orchestra_codemods.change import Change, Kind, Refusal
from orchestra_codemods.source import Source, digest_of

_OWNER_MAY_WRITE = 0o200


@dataclass(slots=True)
class Draft:
    """What a run would do. With refusals, nothing of it may be done."""

    steps: list[FileStep] = field(default_factory=list)
    notes: tuple[ChangeNote, ...] = ()
    made: tuple[str, ...] = ()
    contents: dict[str, bytes] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def hold(self, content: bytes) -> str:
        """Keep a content for the journal and return its digest."""
        digest = digest_of(content)
        self.contents[digest] = content
        return digest


@dataclass(slots=True)
class _Wish:
    """What the changes together want of one path. ``origin`` is where its metadata come from."""

    path: str
    before: Source | None = None
    after: Source | None = None
    origin: str | None = None
    moves_away: bool = False


class _RefusedError(Exception):
    def __init__(self, reason: Reason, path: str, detail: str = "") -> None:
        super().__init__(reason)
        self.refusal = refusal(reason, path, detail)


def draft(tree: Tree, changes: Sequence[Change], restored: Mapping[str, FileState] | None = None) -> Draft:
    """Check all changes against the tree, without writing.

    ``restored`` gives the mode, owner and attributes of files that an undo brings back.
    """
    result = Draft(notes=tuple(_note(change) for change in changes))
    wishes = _wishes(changes, result.refusals)
    observed: dict[str, Observed] = {}
    folded = _folded(wishes)
    for wish in wishes.values():
        try:
            step = _step(tree, wish, result, observed)
            _check_case(tree, wish, step.real, folded)
            result.steps.append(_with_metadata(step, wish, observed, restored or {}))
        except _RefusedError as error:
            result.refusals.append(error.refusal)
        except (NotAFileError, NotADirectoryError):
            result.refusals.append(refusal(Reason.NOT_A_FILE, wish.path))
        except OSError as error:
            result.refusals.append(refusal(Reason.CANNOT_READ, wish.path, error.strerror or str(error)))
    _join_names_of_one_file(result, observed)
    if not result.refusals:
        result.made = _missing_directories(tree, result.steps)
        result.refusals += _unwritable_directories(tree, result.steps)
    return result


def _note(change: Change) -> ChangeNote:
    origin = change.before.path if change.kind is Kind.RENAME and change.before else None
    return ChangeNote(change.path, change.kind, change.because, origin, change.units)


def _wishes(changes: Iterable[Change], refusals: list[Refusal]) -> dict[str, _Wish]:
    wishes: dict[str, _Wish] = {}
    for change in changes:
        before, after = change.before, change.after
        is_rename = change.kind is Kind.RENAME
        if before is not None:
            wish = wishes.setdefault(before.path, _Wish(before.path))
            if wish.before is not None:
                refusals.append(refusal(Reason.CONFLICTING, before.path))
            wish.before, wish.moves_away = before, is_rename
        if after is not None:
            wish = wishes.setdefault(after.path, _Wish(after.path))
            if wish.after is not None:
                refusals.append(refusal(Reason.CONFLICTING, after.path))
            if digest_of(after.data) != after.digest:
                refusals.append(refusal(Reason.WRONG_DIGEST, after.path))
            wish.after = after
            wish.origin = before.path if before is not None and is_rename else wish.origin
    return wishes


def _folded(wishes: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in wishes:
        found.setdefault(fold(path), []).append(path)
    return found


def _check_case(tree: Tree, wish: _Wish, real: str, folded: Mapping[str, list[str]]) -> None:
    """Refuse what a file system that ignores case could not tell apart, folders included."""
    for other in folded[fold(wish.path)]:
        if other != wish.path:
            raise _RefusedError(Reason.CASE_CLASH, wish.path, other)
    if wish.before is not None or wish.after is None:
        return
    for each in (*ancestors_of(real), real):
        above, _, name = each.rpartition("/")
        for sibling in tree.names(above):
            if sibling != name and fold(sibling) == fold(name):
                raise _RefusedError(Reason.CASE_CLASH, wish.path, f"{above}/{sibling}".lstrip("/"))


def _step(tree: Tree, wish: _Wish, result: Draft, observed: dict[str, Observed]) -> FileStep:
    real = _real_path(tree, wish)
    before = after = None
    in_place = False
    if wish.before is not None:
        found = tree.observe(real)
        if found is None:
            raise _RefusedError(Reason.VANISHED, wish.path)
        _check_found(wish, real, found)
        observed[wish.path] = found
        before = _state_of(found, wish.before, result.hold(found.content))
        in_place = wish.after is not None and _keeps_inode(found)
    elif tree.exists(real):
        raise _RefusedError(Reason.EXISTS, wish.path)
    if wish.after is not None:
        result.hold(wish.after.data)
        after = _new_state(wish.after) if before is None else _edited(before, wish.after)
    return FileStep(wish.path, real, before, after, in_place)


def _real_path(tree: Tree, wish: _Wish) -> str:
    try:
        check_path(wish.path)
        real = tree.resolve(wish.path)
        check_path(real)
        parent = tree.resolve(parent_of(wish.path)) if parent_of(wish.path) else ""
    except UnsafePathError as error:
        raise _RefusedError(Reason.UNSAFE_PATH, wish.path, str(error)) from None
    except OutsideRootError:
        raise _RefusedError(Reason.OUTSIDE_ROOT, wish.path) from None
    is_link = real != f"{parent}/{name_of(wish.path)}".lstrip("/")
    if is_link and wish.before is None:
        raise _RefusedError(Reason.EXISTS, wish.path)
    if is_link and (wish.after is None or wish.moves_away):
        raise _RefusedError(Reason.SYMBOLIC_LINK, wish.path)
    return real


def _check_found(wish: _Wish, real: str, found: Observed) -> None:
    assert wish.before is not None
    if digest_of(found.content) != wish.before.digest:
        raise _RefusedError(Reason.CHANGED, wish.path)
    if not found.status.st_mode & _OWNER_MAY_WRITE:
        raise _RefusedError(Reason.READ_ONLY_FILE, real)
    if found.status.st_nlink > 1 and (wish.after is None or wish.moves_away):
        raise _RefusedError(Reason.HARD_LINKED, wish.path)


def _keeps_inode(found: Observed) -> bool:
    """Tell whether a new file in its place would lose other names, or an owner that we cannot give it."""
    user, groups = os.geteuid(), {os.getegid(), *os.getgroups()}
    is_ours = user == 0 or (found.status.st_uid == user and found.status.st_gid in groups)
    return found.status.st_nlink > 1 or not is_ours


def _state_of(found: Observed, source: Source, digest: str) -> FileState:
    return FileState(
        digest=digest,
        encoding=source.encoding,
        newline=source.newline,
        mode=found.status.st_mode & 0o7777,
        user=found.status.st_uid,
        group=found.status.st_gid,
        attributes=tuple((name, value.hex()) for name, value in found.attributes),
    )


def _new_state(source: Source) -> FileState:
    return FileState(source.digest, source.encoding, source.newline)


def _edited(before: FileState, after: Source) -> FileState:
    return replace(before, digest=after.digest, encoding=after.encoding, newline=after.newline)


def _with_metadata(
    step: FileStep, wish: _Wish, observed: Mapping[str, Observed], restored: Mapping[str, FileState]
) -> FileStep:
    """Give a new file the metadata of the file that it was, or that it is renamed from."""
    if step.before is not None or step.after is None or wish.after is None:
        return step
    if wish.path in restored:
        old = restored[wish.path]
    elif wish.origin is not None and wish.origin in observed:
        old = _state_of(observed[wish.origin], wish.after, step.after.digest)
    else:
        return step
    return replace(step, after=_edited(old, wish.after))


def _join_names_of_one_file(result: Draft, observed: Mapping[str, Observed]) -> None:
    """Keep one step for each real file; names of one file must want the same of it."""
    by_place: dict[str, FileStep] = {}
    by_inode: dict[tuple[int, int], FileStep] = {}
    for step in result.steps:
        first = by_place.setdefault(step.real, step)
        if step.path in observed:
            status = observed[step.path].status
            linked = by_inode.setdefault((status.st_dev, status.st_ino), step)
            first = linked if linked is not step else first
        if first is not step and _digest(first.after) != _digest(step.after):
            result.refusals.append(refusal(Reason.CONFLICTING, step.path))
    result.steps = list(by_place.values())
    paths = {step.path for step in result.steps}
    result.notes = tuple(note for note in result.notes if note.path in paths)


def _digest(state: FileState | None) -> str | None:
    return state.digest if state else None


def _missing_directories(tree: Tree, steps: Iterable[FileStep]) -> tuple[str, ...]:
    wanted = {above for step in steps if step.before is None for above in ancestors_of(step.real)}
    return tuple(sorted(path for path in wanted if not tree.exists(path)))


def _unwritable_directories(tree: Tree, steps: Iterable[FileStep]) -> Iterable[Refusal]:
    for step in steps:
        above = parent_of(step.real)
        while above and not tree.exists(above):
            above = parent_of(above)
        with tree.directory(above) as directory:
            target = name_of(step.real) if step.in_place else "."
            mode = os.W_OK if step.in_place else os.W_OK | os.X_OK
            if not os.access(target, mode, dir_fd=directory):
                yield refusal(Reason.READ_ONLY_DIRECTORY, step.path, above or ".")
