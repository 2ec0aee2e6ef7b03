"""The edits that make a legacy class an orchestrator: its base, its constructor, its operations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from orchestra_codemods.change import Edit
from orchestra_codemods.migrations.header import with_base
from orchestra_codemods.migrations.shape import ClassShape, Constructor


@dataclass(frozen=True, slots=True)
class Identity:
    """What the constructor tells the base class. ``layer`` and ``type`` are names of enum members."""

    layer: str
    name: str
    type: str


def class_edits(
    text: str,
    shape: ClassShape,
    identity: Identity,
    local: Mapping[str, str],
    newline: str = "\n",
    *,
    routing: Sequence[str] = (),
) -> Iterator[Edit]:
    """Yield insertions into a file's text; nothing that stood there goes, but an empty `super().__init__()`.

    ``local`` maps BaseOrchestrator, OrchestrationLayer, OrchestrationType and operation to what they are
    called in the file. ``routing`` are the lines of an `orchestrate()` of its own.
    """
    head = text[shape.head : shape.body]
    yield _smallest(shape.head, head, with_base(head, local["BaseOrchestrator"]))
    call = _call(identity, local, shape.unit)
    if shape.constructor is None:
        yield _new_constructor(shape, call, routing, newline)
    else:
        yield _first_statement(shape.constructor, call, newline)
        yield from _below(text, shape.constructor.end, routing, newline)
    yield from _marks(shape, local, newline)


def subclass_edits(
    text: str,
    shape: ClassShape,
    identity: Identity,
    local: Mapping[str, str],
    newline: str = "\n",
    *,
    routing: Sequence[str] = (),
) -> Iterator[Edit]:
    """Yield insertions into a class whose base is an orchestrator: its own name, and its own operations."""
    constructor = shape.constructor
    assert constructor is not None
    assert constructor.after_super is not None
    layer = f"{local['OrchestrationLayer']}.{identity.layer}"
    kind = f"{local['OrchestrationType']}.{identity.type}"
    statement = f'{constructor.own}.runtime.identify({layer}, "{identity.name}", {kind})'
    at = constructor.after_super
    yield Edit(at, at, f"{newline}{constructor.indent}{statement}")
    yield from _below(text, constructor.end, routing, newline)
    yield from _marks(shape, local, newline)


def _call(identity: Identity, local: Mapping[str, str], unit: str) -> list[str]:
    return [
        "super().__init__(",
        f"{unit}layer={local['OrchestrationLayer']}.{identity.layer},",
        f'{unit}name="{identity.name}",',
        f"{unit}orchestration_type={local['OrchestrationType']}.{identity.type},",
        ")",
    ]


def _smallest(start: int, before: str, after: str) -> Edit:
    """Return the edit of what differs: comments below the header belong to what stands under them."""
    shorter = min(len(before), len(after))
    front = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    limit = shorter - front
    back = next((at for at in range(limit) if before[-1 - at] != after[-1 - at]), limit)
    return Edit(start + front, start + len(before) - back, after[front : len(after) - back])


def _marks(shape: ClassShape, local: Mapping[str, str], newline: str) -> Iterator[Edit]:
    for method in shape.operations:
        mark = f"{method.indent}@{local['operation']}{newline}"
        yield Edit(method.start, method.start, mark)


def _first_statement(constructor: Constructor, call: list[str], newline: str) -> Edit:
    one_line = " ".join(part.strip() for part in call).replace("( ", "(").replace(", )", ")")
    indented = newline.join(f"{constructor.indent}{line}" for line in call)
    at = constructor.insert_at
    if constructor.super_call is not None:
        start, end = constructor.super_call
        return Edit(start, end, one_line if constructor.is_inline else indented.lstrip(" \t\f"))
    if constructor.is_only_docstring:
        return Edit(at, at, f"; {one_line}" if constructor.is_inline else f"{newline}{indented}")
    return Edit(at, at, f"{one_line}; " if constructor.is_inline else f"{indented}{newline}")


def _below(text: str, at: int, lines: Sequence[str], newline: str) -> Iterator[Edit]:
    """Yield the insertion of a method below another one."""
    if lines:
        is_cut_short = not text[:at].endswith(("\n", "\r"))
        yield Edit(at, at, newline.join(["", *([""] if is_cut_short else []), *lines, ""]))


def _new_constructor(shape: ClassShape, call: list[str], routing: Sequence[str], newline: str) -> Edit:
    assert shape.first_method is not None
    parameters = "self, *_: object, **__: object" if "__new__" in shape.class_names else "self"
    lines = [
        f"{shape.unit}def __init__({parameters}) -> None:",
        *(f"{shape.unit * 2}{line}" for line in call),
        "",
        *((*routing, "") if routing else ()),
    ]
    return Edit(shape.first_method, shape.first_method, newline.join([*lines, ""]))
