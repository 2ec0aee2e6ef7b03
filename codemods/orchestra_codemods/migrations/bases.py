"""Whether the bases that a class has go together with BaseOrchestrator."""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_codemods.migrations.obstacles import OFFERED, OWN_METHODS, PRIVATE, READ_ONLY, Obstacle
from orchestra_codemods.migrations.shape import ClassShape, shapes_in
from orchestra_codemods.names import Definition, External, Names
from orchestra_codemods.project import Project

_PLAIN = {
    "builtins.object",
    "abc.ABC",
    "typing.Generic",
    "typing.Protocol",
    "typing_extensions.Protocol",
}
_IN_THE_WAY = (
    READ_ONLY
    | OWN_METHODS
    | PRIVATE
    | {
        "__init__",
        "__init_subclass__",
        "__slots__",
        "__getattribute__",
        "__setattr__",
        "__delattr__",
        "__getattr__",
        "cleanup",
        "logger",
    }
)
_ADAPTER = "Write an orchestrator that holds an instance of the class."


def obstacles_of_bases(project: Project, names: Names, path: str, shape: ClassShape) -> Iterator[Obstacle]:
    """Yield what the bases of a class have against a further base before them."""
    for base in shape.bases:
        yield from _of_base(project, names, path, shape, base, seen=set())


def _of_base(
    project: Project, names: Names, path: str, shape: ClassShape, base: str, *, seen: set[tuple[str, str]]
) -> Iterator[Obstacle]:
    found = names.resolver.resolve(path, base.partition("[")[0])
    if isinstance(found, External) and found.dotted in _PLAIN:
        return
    if not isinstance(found, Definition) or not found.path or found.is_fallible:
        yield Obstacle(shape.line, f"its base {base} comes from outside the project", _ADAPTER)
        return
    if found.key in seen:
        return
    seen.add(found.key)
    others = shapes_in(project.sources[found.path].text, found.name)
    if len(others) != 1:
        yield Obstacle(shape.line, f"its base {base} is not one class at the top level of a file", _ADAPTER)
        return
    other = others[0]
    if other.keywords or other.decorators not in ((), ("runtime_checkable",), ("typing.runtime_checkable",)):
        yield Obstacle(shape.line, f"its base {base} has another metaclass or a decorator", _ADAPTER)
    if "__new__" in other.class_names and shape.constructor is None:
        why = f"its base {base} has __new__, which may take arguments that an __init__ has to take too"
        yield Obstacle(shape.line, why, f"Write the __init__ of {shape.name} with the parameters of __new__.")
    in_the_way = sorted(_IN_THE_WAY & {*other.class_names, *other.attributes})
    if in_the_way:
        why = f"its base {base} has {', '.join(in_the_way)}, and BaseOrchestrator has too"
        rename = f"Rename it in {base}, or take the base away, and migrate again."
        remedy = _ADAPTER if any(map(_is_special, in_the_way)) else rename
        yield Obstacle(shape.line, why, remedy, has_adapter=True)
    asked = sorted(OFFERED & set(other.asked_for) - {*other.class_names, *shape.class_names})
    if asked or other.whole_dict is not None or other.any_name is not None:
        what = f"looks whether it has {asked[0]!r}" if asked else "looks at all attributes, or sets any"
        yield Obstacle(shape.line, f"its base {base} {what}, and BaseOrchestrator adds some", _ADAPTER)
    for further in other.bases:
        yield from _of_base(project, names, found.path, shape, further, seen=seen)


def _is_special(name: str) -> bool:
    """Tell whether the language gives a name its meaning, so that nobody can rename it."""
    return name.startswith("__") and name.endswith("__")
