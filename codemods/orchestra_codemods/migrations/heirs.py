"""Classes that inherit one which becomes an orchestrator, and would no longer be built as they were."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.migrations.lineage import Key, is_orchestrator, key_of, subclasses_of
from orchestra_codemods.migrations.obstacles import OWN_METHODS, READ_ONLY, Obstacle, obstacles_of_attributes
from orchestra_codemods.migrations.shape import ClassShape, shapes_in
from orchestra_codemods.names import Definition, External, names_of
from orchestra_codemods.project import Project

_PLAIN = {"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol", "typing_extensions.Protocol"}
_OWN_METACLASS = ("enum.", "ctypes.")
_HIDDEN = {"cleanup", "logger"}
"""What a base behind an orchestrator may have no longer: BaseOrchestrator's own stands before it."""
_TAKE = "Give it an __init__ with the parameters of its __new__, and migrate again."
_SPLIT = "Let it hold an instance instead of inheriting, or migrate by hand."


@dataclass(frozen=True, slots=True)
class _Heir:
    """A class with the key of that base through which it inherits the target."""

    path: str
    shape: ClassShape
    through: Key

    @property
    def named(self) -> str:
        return f"its subclass {self.shape.name} in {self.path}"


def obstacles_of_heirs(
    project: Project, target: LegacyOrchestrator, shape: ClassShape, wanted: Mapping[Key, object]
) -> Iterator[Obstacle]:
    """Yield what the heirs of a class, near and far, have against its becoming an orchestrator.

    ``wanted`` are the classes that become orchestrators in the same run.
    """
    heirs = list(_heirs(project, key_of(target), {key_of(target)}))
    family = {key_of(target), *((heir.path, heir.shape.name) for heir in heirs)}
    for heir in heirs:
        for why, remedy in _against(project, heir, shape, wanted, family):
            yield Obstacle(target.line, f"{heir.named} {why}", remedy)


def _heirs(project: Project, key: Key, seen: set[Key]) -> Iterator[_Heir]:
    for path, shape in subclasses_of(project, key):
        if (path, shape.name) not in seen:
            seen.add((path, shape.name))
            yield _Heir(path, shape, key)
            yield from _heirs(project, (path, shape.name), seen)


def _against(
    project: Project, heir: _Heir, shape: ClassShape, wanted: Mapping[Key, object], family: set[Key]
) -> Iterator[tuple[str, str]]:
    yield from _of_names("", heir.shape)
    if {"metaclass", "**"} & set(heir.shape.keywords):
        yield "has a metaclass of its own, which would clash with that of BaseOrchestrator", _SPLIT
    if _is_made_with_more(heir.shape, shape):
        yield "has a __new__ of its own, whose arguments the new __init__ would not take", _TAKE
    is_behind = False
    for base in heir.shape.bases:
        found = names_of(project).resolver.resolve(heir.path, base.partition("[")[0])
        if isinstance(found, Definition) and found.key == heir.through:
            is_behind = True
            continue
        stopped = list(_beside(project, heir.path, base, wanted, set(family), is_behind=is_behind))
        yield from stopped
        if (
            not stopped
            and is_behind
            and _reaches_on(shape)
            and isinstance(found, Definition)
            and _has_constructor(project, found.key, set())
        ):
            yield f"reaches the __init__ of {base} through it, where BaseOrchestrator ends", _SPLIT


def _is_made_with_more(heir: ClassShape, shape: ClassShape) -> bool:
    """Tell whether an heir counts on there being no `__init__`, which lets any arguments pass."""
    has_none = shape.constructor is None and "__new__" not in shape.class_names
    return has_none and heir.constructor is None and "__new__" in heir.class_names


def _beside(
    project: Project, path: str, base: str, wanted: Mapping[Key, object], seen: set[Key], *, is_behind: bool
) -> Iterator[tuple[str, str]]:
    """Yield what another base of an heir, and what that inherits, have against an orchestrator beside it."""
    found = names_of(project).resolver.resolve(path, base.partition("[")[0])
    if isinstance(found, External) and found.dotted in _PLAIN:
        return
    if not isinstance(found, Definition) or not found.path or found.is_fallible:
        if not isinstance(found, External) or not _is_safe(found.dotted) or is_behind:
            yield f"also inherits {base} from outside the project", _SPLIT
        return
    if found.key in seen:
        return
    seen.add(found.key)
    if found.key in wanted or is_orchestrator(project, found.key):
        yield f"also inherits {base}, which is an orchestrator too: one name would be the other's", _SPLIT
        return
    for other in shapes_in(project.sources[found.path].text, found.name):
        yield from _of_names(f"also inherits {base}, which ", other)
        for name in sorted(_HIDDEN & set(other.class_names)) if is_behind else ():
            yield f"also inherits {base}, which has {name!r}: that of BaseOrchestrator would hide it", _SPLIT
        for further in other.bases:
            yield from _beside(project, found.path, further, wanted, seen, is_behind=is_behind)


def _of_names(whose: str, shape: ClassShape) -> Iterator[tuple[str, str]]:
    for name in sorted((READ_ONLY | OWN_METHODS) & {*shape.class_names, *shape.attributes}):
        yield (
            f"{whose}has {name!r}, which every orchestrator has",
            f"Rename {name!r} there, and migrate again.",
        )
    for obstacle in obstacles_of_attributes(shape):
        yield f"{whose}cannot be one: {obstacle.why}", obstacle.what_to_do


def _is_safe(dotted: str) -> bool:
    top = dotted.partition(".")[0]
    return top in sys.stdlib_module_names | {"builtins"} and not dotted.startswith(_OWN_METACLASS)


def _reaches_on(shape: ClassShape) -> bool:
    """Tell whether building the class went on to whatever stands behind it in a family."""
    return shape.constructor is None or shape.constructor.super_call is not None


def _has_constructor(project: Project, key: Key, seen: set[Key]) -> bool:
    path, name = key
    if key in seen:
        return False
    seen.add(key)
    shapes = shapes_in(project.sources[path].text, name)
    if len(shapes) != 1 or shapes[0].constructor is not None or "__init__" in shapes[0].class_names:
        return True
    for base in shapes[0].bases:
        found = names_of(project).resolver.resolve(path, base.partition("[")[0])
        if isinstance(found, External) and found.dotted in _PLAIN:
            continue
        if not isinstance(found, Definition) or not found.path or _has_constructor(project, found.key, seen):
            return True
    return False
