"""What there is to decide about a plan: each class, and each file that names it or calls it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from orchestra_cli.reports.changes import PROVEN, change_line, unified
from orchestra_cli.terminal import Style
from orchestra_codemods.change import Change, Plan
from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.migrations.arrival import arrival_of
from orchestra_codemods.migrations.lineage import Key, key_of
from orchestra_codemods.migrations.placement import unit_of

SHOWN = 60
"""How many lines of a diff are shown unasked."""


@dataclass(frozen=True, slots=True)
class Question:
    """Whether to do something: ``caller`` is the file of a caller, None where it is the class itself.

    ``changes`` are those that hang on the answer, the one that is shown first. ``kind`` is what can be
    skipped at once.
    """

    target: LegacyOrchestrator
    caller: str | None
    kind: str
    changes: tuple[Change, ...]

    @property
    def key(self) -> tuple[Key, str | None]:
        """What is asked, whatever was decided about other things meanwhile."""
        return key_of(self.target), self.caller

    def lines(self, style: Style, to_try: Iterable[str] = ()) -> Iterator[str]:
        """Yield what a person has to know: what, why, how it is proven, and the beginning of the diff.

        ``to_try`` are the proofs that are tried once everything is decided.
        """
        first = self.changes[0]
        if self.caller is None:
            yield from self._class_lines(style)
        else:
            yield f"{style.bold(self.caller)} uses {self.target.class_name}"
        yield f"  because: {first.because}"
        yield f"  proof: {PROVEN.get(first.proof, 'none')}"
        yield from (f"    to be tried: {each}" for each in to_try)
        diff = [_visible(line) for line in unified(first)]
        yield from (_coloured(line, style) for line in diff[:SHOWN])
        if len(diff) > SHOWN:
            yield style.dim(f"… {len(diff) - SHOWN} more lines; `v` shows all")

    def all_lines(self, style: Style) -> Iterator[str]:
        """Yield every change that hangs on the answer, with its whole diff."""
        for change in self.changes:
            yield change_line(change, style)
            yield from (_coloured(_visible(line), style) for line in unified(change))

    def _class_lines(self, style: Style) -> Iterator[str]:
        target = self.target
        where = f"{target.path}:{target.line}"
        yield f"{style.bold(target.class_name)} of {where} becomes the orchestrator `{target.name}`"
        yield f"  layer {target.layer}, type {target.type}, confidence {target.confidence:.0%}"
        yield from (f"    {reason}" for reason in target.reasons)
        others = len(self.changes) - 1
        yield f"  {others} other {'file changes' if others == 1 else 'files change'} with it"


def questions(plan: Plan, targets: Iterable[LegacyOrchestrator]) -> Iterator[Question]:
    """Yield what there is to decide: for each class that would be migrated itself, then its callers."""
    for target in targets:
        unit = unit_of(target.name)
        mine = [change for change in plan.changes if unit in change.units]
        if not mine:
            continue
        shown = _class_change(mine, target)
        rest = tuple(change for change in mine if change.path != shown.path)
        is_move = shown.path != target.path
        yield Question(
            target,
            None,
            "classes that move" if is_move else "classes that stay in their file",
            (shown, *rest),
        )
        for change in mine:
            if (change.names or change.calls) and change.path != target.path:
                kind = "callers through the facade" if change.calls else "callers by their imports"
                yield Question(target, change.path, kind, (change,))


def _class_change(changes: Sequence[Change], target: LegacyOrchestrator) -> Change:
    """Return the change of the class itself; where its module moves, from the old file to the new one."""
    at_home = next((each for each in changes if each.path == target.path), None)
    moved = arrival_of(changes, target)
    if moved is None or at_home is None or not _is_same(at_home, moved):
        first = moved or at_home
        assert first is not None
        return first
    return Change(at_home.before, moved.after, moved.because, moved.units, proof=moved.proof)


def _is_same(old: Change, new: Change) -> bool:
    """Tell whether most of a file stands in another afterwards."""
    assert old.before is not None
    assert new.after is not None
    lines = set(old.before.text.splitlines())
    return 2 * len(lines & set(new.after.text.splitlines())) > len(lines)


def _visible(line: str) -> str:
    """Return a line in which nothing can steer the terminal."""
    return "".join(
        one if one.isprintable() or one == "\t" else one.encode("unicode_escape").decode() for one in line
    )


def _coloured(line: str, style: Style) -> str:
    if line.startswith(("---", "+++")):
        return style.bold(line)
    if line.startswith("@@"):
        return style.cyan(line)
    return {"-": style.red, "+": style.green}.get(line[:1], str)(line)
