"""Where lines of a text may be broken: between brackets that are there, or that a value may get."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orchestra_codemods.names import Offsets

_BODIES = ("body", "orelse", "finalbody")


@dataclass(frozen=True, slots=True)
class Bracket:
    """What stands between two brackets, by offsets, and whether a comma may follow it.

    ``is_missing`` where the brackets are not there yet.
    """

    start: int
    end: int
    takes_comma: bool
    is_missing: bool = False


def brackets_of(tree: ast.Module, offsets: Offsets) -> Sequence[Bracket]:
    """Return what can be broken, the likeliest first: what closes last on a line, and is the widest there.

    Values without brackets come first where they are tuples, as all their parts go to lines of their own,
    and last where they are not.
    """
    hidden = {inner for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for inner in ast.walk(node)}
    there: list[Bracket] = []
    missing: list[Bracket] = []
    for node in ast.walk(tree):
        if node not in hidden:
            there += _written(node, offsets)
            missing += _value(node, offsets)
    there.sort(key=lambda each: (-each.end, each.start))
    return sorted([*missing, *there], key=lambda each: each.is_missing and not each.takes_comma)


def parts_of(content: str) -> list[str]:
    """Return what commas divide; commas in brackets of its own do not."""
    depth, start, found = 0, 0, []
    for token in tokenize.generate_tokens(io.StringIO(f"({content})").readline):
        if token.type == tokenize.OP and token.string in "([{":
            depth += 1
        elif token.type == tokenize.OP and token.string in ")]}":
            depth -= 1
        if (token.string == "," and depth == 1) or (token.string == ")" and depth == 0):
            at = token.start[1] - 1
            found.append(content[start:at].strip())
            start = at + 1
    return [part for part in found if part]


def shared_lines(tree: ast.Module) -> set[int]:
    """Return the lines on which a statement begins behind another one: nothing makes these look well."""
    found = set()
    for node in ast.walk(tree):
        for name in _BODIES:
            end = getattr(node, "lineno", 0) if name == "body" else 0
            body = getattr(node, name, None)
            for each in body if isinstance(body, list) else ():
                if each.lineno == end:
                    found.add(end)
                end = each.end_lineno
    return found


def _written(node: ast.AST, offsets: Offsets) -> Iterator[Bracket]:
    if isinstance(node, ast.Call) and (node.args or node.keywords):
        start = offsets.text.find("(", offsets.place(node.func).end)
        is_generator = len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp)
        yield Bracket(start + 1, offsets.place(node).end - 1, not is_generator)
    elif isinstance(node, ast.Dict | ast.List | ast.Set):
        place = offsets.place(node)
        yield Bracket(place.start + 1, place.end - 1, takes_comma=True)
    elif isinstance(node, ast.ClassDef) and node.bases:
        start = offsets.text.find("(", offsets.place(node).start)
        given = [*node.bases, *(each.value for each in node.keywords)]
        end = offsets.text.find(")", max(offsets.place(each).end for each in given))
        yield Bracket(start + 1, end, takes_comma=True)


def _value(node: ast.AST, offsets: Offsets) -> Iterator[Bracket]:
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.Return) and node.value is not None:
        place = offsets.place(node.value)
        if not offsets.text.startswith("(", place.start):
            yield Bracket(place.start, place.end, isinstance(node.value, ast.Tuple), is_missing=True)
