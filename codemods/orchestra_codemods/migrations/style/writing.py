"""What a file is after its edits, written as the project writes.

Imports that were in order stay in order: what is added or renamed goes to its place, and nothing else moves.
Lines that get too long are broken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from orchestra_codemods.change import Edit, apply_edits
from orchestra_codemods.migrations.style.blocks import Block, bound, import_blocks, in_order, is_imports
from orchestra_codemods.migrations.style.settings import Style
from orchestra_codemods.migrations.style.wrapping import lines_of, wrapped

if TYPE_CHECKING:
    from isort.settings import Config

MayMove = Callable[[Iterable[str]], bool]
"""Tells whether the imports that bind some names may stand in another order."""


def edited(text: str, edits: Iterable[Edit], style: Style, may_move: MayMove) -> str:
    """Return a text with edits made."""
    found = list(edits)
    width = style.width_of(text)
    sortings = style.sortings(width)
    for block in import_blocks(text) if found else ():
        mine = [edit for edit in found if _is_in(edit, block)]
        made = _sorted(text, block, mine, sortings, may_move) if mine else None
        if made is not None:
            found = [edit for edit in found if edit not in mine]
            found.append(Edit(block.start, block.end, made))
    found = [replace(edit, text=_fresh(edit.text, sortings)) for edit in found]
    return wrapped(lines_of(text), apply_edits(text, found), width)


def written(text: str, style: Style, like: str) -> str:
    """Return the text of a new file, in lines no longer than those of another one."""
    width = style.width_of(like)
    return wrapped((), _fresh(text, style.sortings(width)), width)


def _fresh(text: str, sortings: Sequence[Config]) -> str:
    """Return a new text with its imports in order; as it is where it is no code of its own."""
    if "import" not in text or not sortings:
        return text
    try:
        blocks = list(import_blocks(text))
    except SyntaxError:
        return text
    return apply_edits(
        text,
        [
            Edit(block.start, block.end, in_order(lines, block.indent, sortings[0]))
            for block in blocks
            if _may_be_sorted(lines := text[block.start : block.end])
        ],
    )


def _sorted(
    text: str, block: Block, edits: list[Edit], sortings: Iterable[Config], may_move: MayMove
) -> str | None:
    """Return what becomes of a block that was in order; None where it was not, or may not be."""
    before = text[block.start : block.end]
    after = apply_edits(
        before, [Edit(edit.start - block.start, edit.end - block.start, edit.text) for edit in edits]
    )
    if not _may_be_sorted(before) or not is_imports(after) or not _may_be_sorted(after):
        return None
    for sorting in sortings:
        if in_order(before, block.indent, sorting, before) == before:
            made = in_order(after, block.indent, sorting, before)
            moved = _in_another_order(bound(before), bound(made))
            return made if not moved or may_move(moved) else None
    return None


def _in_another_order(before: Sequence[str], after: Sequence[str]) -> Sequence[str]:
    """Return the names that stand in another order afterwards, without those that are new."""
    known = set(after) & set(before)
    old, new = [name for name in before if name in known], [name for name in after if name in known]
    while old and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return old


def _may_be_sorted(text: str) -> bool:
    """Tell whether it makes no difference to the names of a file which import of a block comes first."""
    names = bound(text)
    packages = {name.partition(".")[0] for name in names if "." in name}
    return "*" not in names and len(set(names)) == len(names) and packages.isdisjoint(names)


def _is_in(edit: Edit, block: Block) -> bool:
    if edit.start < block.start or edit.end > block.end:
        return False
    is_at_border = edit.start == edit.end and edit.start in (block.start, block.end)
    return not is_at_border or is_imports(edit.text)
