"""What a class looks like in its file, as plain values: enough to rewrite it by offset, or to refuse."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from orchestra_codemods.migrations import self_access
from orchestra_codemods.names import Offsets, dotted_name, parse

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Method:
    """A function of a class body. ``start`` is where its `def` line begins, ``top`` its first decorator's."""

    name: str
    line: int
    top: int
    start: int
    indent: str
    decorators: tuple[str, ...]
    is_async: bool
    required: tuple[str, ...]

    @property
    def is_public(self) -> bool:
        """Whether its name does not begin with an underscore."""
        return not self.name.startswith("_")


@dataclass(frozen=True, slots=True)
class Constructor:
    """The `__init__` of a class.

    ``insert_at`` is where a first statement goes; ``is_inline`` says that the body stands on the line of
    `def`. ``super_call`` has start and end of a first statement `super().__init__()` without arguments;
    ``other_super_calls`` are the lines of all others. ``after_super`` is the end of the line of the sole
    call, with whatever arguments, where that is a statement of its own; ``own`` is what `self` is called.
    ``is_identified`` says that it gives an inherited orchestrator its own name. ``end`` is where the line
    after it begins.
    """

    line: int
    end: int
    insert_at: int
    indent: str
    is_inline: bool
    is_only_docstring: bool
    super_call: tuple[int, int] | None
    other_super_calls: tuple[int, ...]
    after_super: int | None
    own: str
    is_identified: bool
    decorators: tuple[str, ...]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class ClassShape:
    """A class at the top level of a file.

    ``head`` and ``body`` are the offsets of `class` and of the first statement. ``class_names`` are bound in
    the body, ``attributes`` are set on `self`, each with the line. ``whole_dict`` is a line where all of an
    instance's attributes are looked at together, ``any_name`` one where an attribute is set whose name only
    the running program knows, ``asked_for`` the names that methods look for on `self` before they use them.
    """

    name: str
    line: int
    head: int
    body: int
    unit: str
    has_docstring: bool
    bases: tuple[str, ...]
    keywords: tuple[str, ...]
    decorators: tuple[str, ...]
    methods: tuple[Method, ...]
    constructor: Constructor | None
    first_method: int | None
    class_names: dict[str, int]
    attributes: dict[str, int]
    whole_dict: int | None
    any_name: int | None
    asked_for: dict[str, int]

    @property
    def operations(self) -> tuple[Method, ...]:
        """The public methods that can be marked: no properties, static or class methods, no overloads."""
        return tuple(one for one in self.methods if one.is_public and not _is_special(one.decorators))


@lru_cache(maxsize=2_000)
def shapes_in(text: str, name: str) -> tuple[ClassShape, ...]:
    """Return every class of that name at the top level of a text that parses.

    Remembered by the text: each of a family of classes asks for the shapes of its bases again.
    """
    offsets = Offsets(text)
    body = parse(text).body
    return tuple(
        _shape(node, offsets) for node in body if isinstance(node, ast.ClassDef) and node.name == name
    )


def _shape(node: ast.ClassDef, offsets: Offsets) -> ClassShape:
    first = node.body[0]
    functions = [each for each in node.body if isinstance(each, Function)]
    methods = tuple(_method(each, offsets) for each in functions)
    constructors = [each for each in functions if each.name == "__init__"]
    return ClassShape(
        name=node.name,
        line=node.lineno,
        head=offsets.place(node).start,
        body=_start(first, offsets),
        unit=_indent(first, offsets) or "    ",
        has_docstring=ast.get_docstring(node, clean=False) is not None,
        bases=tuple(ast.unparse(base) for base in node.bases),
        keywords=tuple(keyword.arg or "**" for keyword in node.keywords),
        decorators=tuple(ast.unparse(each) for each in node.decorator_list),
        methods=methods,
        constructor=_constructor(constructors[-1], offsets) if constructors else None,
        first_method=_above_comments(offsets.text, methods[0].top) if methods else None,
        class_names=dict(_class_names(node.body)),
        attributes=dict(self_access.attributes(node)),
        whole_dict=self_access.whole_dict(node),
        any_name=self_access.any_name(node),
        asked_for=dict(self_access.asked_for(node)),
    )


def _above_comments(text: str, start: int) -> int:
    """Return where the comment lines that stand directly above a line begin."""
    while True:
        line = text.rfind("\n", 0, start - 1) + 1 if start > 0 else start
        if line == start or not text[line:start].lstrip(" \t\f").startswith("#"):
            return start
        start = line


def _method(node: Function, offsets: Offsets) -> Method:
    start = offsets.offset(node.lineno, 0)
    top = offsets.offset(node.decorator_list[0].lineno, 0) if node.decorator_list else start
    arguments = node.args
    plain = [*arguments.posonlyargs, *arguments.args][1:]
    required = plain[: len(plain) - len(arguments.defaults)] if arguments.defaults else plain
    keyword = [
        each.arg
        for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if not default
    ]
    return Method(
        node.name,
        node.lineno,
        top,
        start,
        _indent(node, offsets),
        tuple(ast.unparse(each) for each in node.decorator_list),
        isinstance(node, ast.AsyncFunctionDef),
        (*(each.arg for each in required), *keyword),
    )


def _constructor(node: Function, offsets: Offsets) -> Constructor:
    has_docstring = ast.get_docstring(node, clean=False) is not None
    rest = node.body[1:] if has_docstring else node.body
    anchor = rest[0] if rest else node.body[0]
    is_inline = not _begins_its_line(anchor, offsets)
    supers = list(_super_calls(node))
    is_first = bool(rest) and isinstance(rest[0], ast.Expr) and bool(supers) and rest[0].value is supers[0]
    is_plain = is_first and not supers[0].args and not supers[0].keywords
    place = offsets.place(supers[0]) if is_plain else None
    if not rest:
        insert_at = offsets.place(anchor).end if is_inline else _end_of_line(anchor, offsets)
    else:
        insert_at = _start(anchor, offsets)
    return Constructor(
        node.lineno,
        offsets.offset((node.end_lineno or node.lineno) + 1, 0)
        if not _is_last(node, offsets)
        else len(offsets.text),
        insert_at,
        _indent(anchor, offsets),
        is_inline,
        not rest,
        (place.start, place.end) if place else None,
        tuple(call.lineno for call in (supers[1:] if place else supers)),
        _after_super(node, supers, offsets),
        next((each.arg for each in (*node.args.posonlyargs, *node.args.args)), ""),
        any((dotted_name(call.func) or "").endswith(".runtime.identify") for call in _calls(node)),
        tuple(ast.unparse(each) for each in node.decorator_list),
        frozenset(_local_names(node)),
    )


def _is_last(node: ast.stmt, offsets: Offsets) -> bool:
    """Tell whether a statement ends on the last line of its text."""
    return offsets.position(len(offsets.text))[0] <= (node.end_lineno or node.lineno)


def _after_super(node: Function, supers: list[ast.Call], offsets: Offsets) -> int | None:
    for statement, following in zip(node.body, [*node.body[1:], None], strict=True):
        if len(supers) == 1 and isinstance(statement, ast.Expr) and statement.value is supers[0]:
            is_alone = following is None or following.lineno > (statement.end_lineno or 0)
            if is_alone and _begins_its_line(statement, offsets):
                return _end_of_line(statement, offsets)
    return None


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (each for each in ast.walk(node) if isinstance(each, ast.Call))


def _super_calls(node: ast.AST) -> Iterator[ast.Call]:
    for each in _calls(node):
        if isinstance(each.func, ast.Attribute) and each.func.attr == "__init__":
            receiver = each.func.value
            if isinstance(receiver, ast.Call) and dotted_name(receiver.func) == "super":
                yield each


def _local_names(node: Function) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.arg):
            yield each.arg
        elif isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id
        elif isinstance(each, ast.alias):
            yield each.asname or each.name.partition(".")[0]


def _class_names(body: list[ast.stmt]) -> Iterator[tuple[str, int]]:
    for node in body:
        if isinstance(node, Function | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.AnnAssign) and node.value is None:
            continue
        else:
            for each in ast.walk(node):
                if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                    yield each.id, each.lineno


def _is_special(decorators: tuple[str, ...]) -> bool:
    return any(
        text.partition("(")[0].rpartition(".")[2]
        in {
            "staticmethod",
            "classmethod",
            "property",
            "cached_property",
            "overload",
            "setter",
            "getter",
            "deleter",
        }
        for text in decorators
    )


def _start(node: ast.stmt, offsets: Offsets) -> int:
    """Return where the line of a statement or its decorators begins, or itself where it is not first."""
    if not _begins_its_line(node, offsets):
        return offsets.place(node).start
    decorators = getattr(node, "decorator_list", [])
    return offsets.offset(decorators[0].lineno if decorators else node.lineno, 0)


def _end_of_line(node: ast.stmt, offsets: Offsets) -> int:
    end = offsets.place(node).end
    rest = re.compile(r"[^\r\n]*").match(offsets.text, end)
    return rest.end() if rest else end


def _begins_its_line(node: ast.stmt, offsets: Offsets) -> bool:
    return not offsets.text[offsets.offset(node.lineno, 0) : offsets.place(node).start].strip()


def _indent(node: ast.stmt, offsets: Offsets) -> str:
    if not _begins_its_line(node, offsets):
        return ""
    return offsets.text[offsets.offset(node.lineno, 0) : offsets.place(node).start]
