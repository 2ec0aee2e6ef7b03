"""What stands against making a class an orchestrator without changing what it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from orchestra_codemods.migrations.shape import ClassShape, Method

READ_ONLY = {"name", "layer", "orchestration_type", "runtime"}
"""Properties of BaseOrchestrator that cannot be assigned or replaced."""
OWN_METHODS = {"orchestrate", "can_orchestrate"}
"""Methods of BaseOrchestrator that it calls with arguments of its own."""
PRIVATE = {"_log_orchestration_start", "_log_orchestration_end", "_is_logged_by_facade"}
_HOOKS = {"__getattribute__", "__setattr__", "__delattr__", "__getattr__", "__init_subclass__", "__dict__"}
OFFERED = READ_ONLY | OWN_METHODS | {"cleanup", "logger"}
_HARMLESS_DECORATORS = {"final", "typing.final", "typing_extensions.final"}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why not, where, and what a person can do.

    ``has_adapter`` says that an orchestrator which holds an instance is a way round it.
    """

    line: int
    why: str
    what_to_do: str
    has_adapter: bool = False


def obstacles_of(shape: ClassShape) -> Iterator[Obstacle]:
    """Yield what the class itself has against it; its bases are looked at elsewhere."""
    yield from _of_the_whole(shape)
    yield from _of_names(shape)
    yield from _of_the_constructor(shape)
    yield from _of_methods(shape)


def obstacles_of_subclass(shape: ClassShape) -> Iterator[Obstacle]:
    """Yield what a class has against it whose base becomes an orchestrator or is one."""
    yield from _of_the_whole(shape)
    yield from _of_names(shape)
    yield from _of_methods(shape)
    if shape.constructor is None or shape.constructor.after_super is None:
        yield Obstacle(
            shape.line,
            f"{shape.name} inherits an orchestrator and calls its constructor in no plain way",
            "Write an __init__ with `super().__init__(…)` as a statement of its own.",
        )


def _of_the_whole(shape: ClassShape) -> Iterator[Obstacle]:
    if shape.keywords:
        yield Obstacle(
            shape.line,
            f"{shape.name} is created with {', '.join(shape.keywords)}",
            "Write an orchestrator that holds an instance of it.",
        )
    for decorator in shape.decorators:
        if decorator not in _HARMLESS_DECORATORS:
            yield Obstacle(
                shape.line,
                f"the decorator @{decorator.partition('(')[0]} may replace the class or its constructor",
                "Take the decorator off, or write an orchestrator that holds an instance of the class.",
            )
    if "__slots__" in shape.class_names:
        yield Obstacle(
            shape.class_names["__slots__"],
            f"{shape.name} has __slots__, and the base class needs a __dict__",
            "Take __slots__ away first and run the tests.",
            has_adapter=True,
        )
    if not shape.operations and "orchestrate" not in shape.class_names:
        yield Obstacle(
            shape.line,
            f"{shape.name} has no public method that could be an operation",
            "Make a method public, or leave the class as it is.",
        )


def _of_names(shape: ClassShape) -> Iterator[Obstacle]:
    for name in sorted(READ_ONLY):
        line = shape.class_names.get(name) or shape.attributes.get(name)
        if line:
            yield Obstacle(
                line,
                f"{name!r} is set by {shape.name} and is a property of every orchestrator",
                f"Rename the attribute {name!r}, with its uses, and migrate again.",
                has_adapter=True,
            )
    for name in sorted(OWN_METHODS | PRIVATE):
        line = shape.class_names.get(name) or shape.attributes.get(name)
        if line:
            yield Obstacle(
                line,
                f"{name!r} is a method of every orchestrator, which calls it with other arguments",
                f"Rename {name!r} with its callers, or write the orchestrator by hand.",
                has_adapter=True,
            )
    yield from obstacles_of_attributes(shape)


def obstacles_of_attributes(shape: ClassShape) -> Iterator[Obstacle]:
    """Yield how a class, or one beside it in a family, sees or decides over attributes of any name."""
    if shape.whole_dict is not None:
        yield Obstacle(
            shape.whole_dict,
            "all attributes of an instance are looked at together, and the framework adds one",
            "Name the attributes that are meant, and migrate again.",
        )
    for name in sorted(OFFERED & set(shape.asked_for) - set(shape.class_names)):
        yield Obstacle(
            shape.asked_for[name],
            f"{shape.name} looks whether it has {name!r}, and every orchestrator has one",
            f"Set {name!r} in __init__ under another name, and ask for that.",
        )
    if shape.any_name is not None:
        yield Obstacle(
            shape.any_name,
            "an attribute is set whose name is known when it runs only: it may be one of the framework's",
            "Name the attributes that are meant, and migrate again.",
        )
    for name in sorted(_HOOKS & set(shape.class_names)):
        yield Obstacle(
            shape.class_names[name],
            f"{shape.name} defines {name}, which decides over attributes that the framework needs",
            "Write an orchestrator that holds an instance of the class.",
        )


def _of_the_constructor(shape: ClassShape) -> Iterator[Obstacle]:
    constructors = [one for one in shape.methods if one.name == "__init__"]
    if "__init__" in shape.class_names and not constructors:
        yield Obstacle(
            shape.class_names["__init__"], "__init__ is assigned, not defined", "Write it as a method."
        )
    if len(constructors) > 1:
        yield Obstacle(
            constructors[1].line,
            f"{shape.name} defines __init__ twice",
            "Delete the first, which never runs.",
        )
    constructor = shape.constructor
    if constructor is None:
        return
    if not constructor.own:
        yield Obstacle(
            constructor.line,
            "__init__ takes its instance out of *args",
            "Give it `self` as first parameter, and migrate again.",
        )
    if constructor.decorators:
        yield Obstacle(
            constructor.line,
            f"__init__ is decorated with @{constructor.decorators[0].partition('(')[0]}",
            "Take the decorator off and migrate again.",
        )
    for line in constructor.other_super_calls:
        yield Obstacle(
            line,
            "super().__init__(…) with arguments, twice or not first would reach BaseOrchestrator",
            "Name the class that is meant (`Base.__init__(self, …)`), and migrate again.",
            has_adapter=True,
        )


def _of_methods(shape: ClassShape) -> Iterator[Obstacle]:
    for method in shape.methods:
        if method.name == "cleanup" and not _is_clean_up(method):
            yield Obstacle(
                method.line,
                "'cleanup' is awaited without arguments by the framework, and this one cannot be",
                "Make it `async def cleanup(self)`, or rename it with its callers.",
                has_adapter=True,
            )


def _is_clean_up(method: Method) -> bool:
    return method.is_async and not method.required and not method.decorators
