"""Orchestrators that inherit each other: the first becomes one by its base, the others by inheritance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.migrations.shape import ClassShape, shapes_in
from orchestra_codemods.names import BindingKind, Definition, names_of, python_files_with
from orchestra_codemods.project import Project

Key = tuple[str, str]


def key_of(target: LegacyOrchestrator) -> Key:
    """Return what identifies a class in a project: its file and its name in it."""
    return target.path, target.class_name


def parent_of(project: Project, path: str, shape: ClassShape, known: Mapping[Key, object]) -> Key | None:
    """Return the key of a class's sole base, where that is one of the known or an orchestrator."""
    if len(shape.bases) != 1:
        return None
    found = names_of(project).resolver.resolve(path, shape.bases[0])
    if not isinstance(found, Definition) or not found.path or found.is_fallible:
        return None
    key = found.path, found.name
    return key if key in known or is_orchestrator(project, key) else None


def subclasses_of(project: Project, key: Key) -> Iterator[tuple[str, ClassShape]]:
    """Yield the classes of the project that name a class among their bases, each with its file."""
    names = names_of(project)
    for path in python_files_with(project, [key[1]]):
        facts = names.facts(path)
        for binding in facts.bindings if facts else ():
            if binding.kind is BindingKind.CLASS and binding.scope == 0 and binding.bases:
                found = [names.resolver.resolve(path, base) for base in binding.bases]
                if any(isinstance(one, Definition) and one.key == key for one in found):
                    yield from (
                        (path, shape) for shape in shapes_in(project.sources[path].text, binding.name)
                    )


def is_orchestrator(project: Project, key: Key) -> bool:
    """Tell whether a class of the project is an orchestrator of the framework already."""
    path, name = key
    return any(is_done(shape) for shape in shapes_in(project.sources[path].text, name))


def is_done(shape: ClassShape) -> bool:
    """Tell whether a class names BaseOrchestrator among its bases, or gives an inherited one its own name."""
    has_base = any(base.rpartition(".")[2].endswith("BaseOrchestrator") for base in shape.bases)
    return has_base or (shape.constructor is not None and shape.constructor.is_identified)
