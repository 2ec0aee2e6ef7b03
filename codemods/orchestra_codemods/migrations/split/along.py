"""What goes along with classes that leave their module, so that they do not need it any more."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orchestra_codemods.migrations.obstacles import Obstacle
from orchestra_codemods.migrations.split.parts import Kind, Part, blanked
from orchestra_codemods.names import Globals, globals_of

_BY_HAND = "Change this first, or use `--placement in-place`."


@dataclass(frozen=True, slots=True)
class Along:
    """The parts of a module by what becomes of them.

    ``taken`` leave it, ``repeated`` stand in both files afterwards. ``inside`` are the global names of what
    is taken and repeated, ``outside`` those of what stays.
    """

    taken: tuple[Part, ...]
    repeated: tuple[Part, ...]
    inside: Globals
    outside: Globals

    @property
    def names(self) -> frozenset[str]:
        """The names that are defined elsewhere afterwards."""
        return frozenset(name for part in self.taken for name in part.names)


def along_with(text: str, path: str, parts: Sequence[Part], classes: set[str]) -> Along | Obstacle:
    """Return what goes along with classes of a text, or why they cannot be taken out."""
    for part in parts:
        if not part.is_alone:
            return Obstacle(part.line, "its class cannot be taken out: a line has two statements", _BY_HAND)
    taken = {part for part in parts if classes & part.names}
    repeated: set[Part] = set()
    while True:
        inside = _names(text, path, [*taken, *repeated])
        wanted = inside.wanted | inside.rebound
        more = [part for part in parts if wanted & part.names and part not in taken | repeated]
        if not more:
            break
        for part in more:
            if part.kind is Kind.OTHER:
                name = min(wanted & part.names)
                why = f"{name} is defined by a statement that cannot be taken along"
                return Obstacle(part.line, f"its class cannot be taken out: {why}", _BY_HAND)
            (taken if part.kind is Kind.DEFINITION else repeated).add(part)
    staying = [part for part in parts if part not in taken]
    found = Along(
        tuple(part for part in parts if part in taken),
        tuple(part for part in parts if part in repeated),
        inside,
        _names(text, path, staying),
    )
    return next(_against(parts, found), found)


def _names(text: str, path: str, parts: Sequence[Part]) -> Globals:
    """Return the global names of parts; annotations count, whether they are evaluated or not."""
    kept = tuple(part for part in parts if part.kind is not Kind.FUTURE)
    found = globals_of(blanked(text, kept), path)
    assert found is not None
    return Globals(found.used | frozenset(_quoted(kept)), found.bound, found.rebound)


def _quoted(parts: Sequence[Part]) -> Iterator[str]:
    """Yield the names in annotations that are written as strings."""
    for part in parts:
        for node in ast.walk(part.node):
            for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None)):
                for each in ast.walk(annotation) if isinstance(annotation, ast.AST) else ():
                    if isinstance(each, ast.Constant) and isinstance(each.value, str):
                        yield from _names_in(each.value)


def _names_in(text: str) -> Iterator[str]:
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError:
        return
    yield from (each.id for each in ast.walk(tree) if isinstance(each, ast.Name))


def _against(parts: Sequence[Part], along: Along) -> Iterator[Obstacle]:
    own = {name for name in along.inside.wanted if not name.startswith("__")}
    unknown = [*sorted(along.inside.missing), *sorted(own)]
    for part in parts:
        if unknown and isinstance(part.node, ast.ImportFrom) and part.node.names[0].name == "*":
            why = f"{unknown[0]} may come from the star import here"
            yield Obstacle(part.line, f"its class cannot be taken out: {why}", _BY_HAND)
    moving = [*along.taken, *along.repeated]
    for name in sorted({name for part in moving for name in part.names}):
        binders = [part for part in parts if name in part.names]
        if len(binders) > 1:
            why = f"{name} is bound more than once, the second time here"
            yield Obstacle(binders[1].line, f"its class cannot be taken out: {why}", _BY_HAND)
        for part in parts:
            if name in part.rebinds and (part not in along.taken or binders[0] in along.repeated):
                why = f"{name} is rebound here, and would be in one of two files only"
                yield Obstacle(part.line, f"its class cannot be taken out: {why}", _BY_HAND)
            elif name in part.rebinds and name in along.outside.used:
                why = f"{name} is rebound by what goes along, and read by what stays"
                yield Obstacle(part.line, f"its class cannot be taken out: {why}", _BY_HAND)
