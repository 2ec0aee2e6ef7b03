"""How a project comes to know an orchestrator: its registration, and the lazy export of its layer.

Everything already written stays as it stands; what is there is not written again. Neither importing nor
resolving is needed for this, so that scaffolding pays for neither.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from orchestra_codemods.change import Edit
from orchestra_codemods.source import Source

REGISTRY = "register_orchestrators"
TABLE = "_EXPORTS"
_BLANK = re.compile(r"(?:\r\n|\r|\n)[ \t]*(?:[\r\n]|\Z)")
_LINE_END = re.compile(r"\r\n|\r|\n")


class Factory(NamedTuple):
    """The orchestrator's name, and the text of the function `_<name>` that returns its instance."""

    name: str
    text: str


def factory_text(name: str, module: str, imported: Sequence[str], body: Sequence[str]) -> str:
    """Return a function that imports inside and runs the statements of ``body``."""
    statement = f"    from {module} import {', '.join(sorted(imported))}\n\n" if imported else ""
    return f"def _{name}() -> object:\n{statement}" + "".join(f"    {line}\n" for line in body)


def registry_of(text: str) -> ast.FunctionDef | None:
    """Return the function that registers a project's orchestrators. Raises SyntaxError."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == REGISTRY and node.args.args:
            return node
    return None


def registered_names(text: str) -> set[str]:
    """Return the names under which the registration function registers orchestrators. Raises SyntaxError."""
    function = registry_of(text)
    return {
        node.args[0].value
        for node in ast.walk(function or ast.Pass())
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("register_factory", "register")
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def registration_edits(source: Source, wanted: Sequence[Factory]) -> Iterator[Edit]:
    """Yield the edits of a wiring module that register what it does not register yet.

    Factories go above the registration function, so that the two insertions never touch and either can be
    taken back although others follow.
    Raises SyntaxError, and ValueError where there is no registration function.
    """
    function = registry_of(source.text)
    if function is None:
        raise ValueError(f"no function {REGISTRY} with a parameter")
    known = registered_names(source.text)
    missing = [factory for factory in sorted(wanted) if factory.name not in known]
    if not missing:
        return
    places = _Places(source)
    facade = function.args.args[0].arg
    last = function.body[-1]
    start = places.start_of_line(last.lineno)
    indent = source.text[start : start + last.col_offset]
    if indent.strip():
        indent = " " * len(indent)
    lines = [f'{indent}{facade}.register_factory("{one.name}", _{one.name})' for one in missing]
    if isinstance(last, ast.Return):
        yield Edit(start, start, "".join(f"{line}{source.newline}" for line in lines))
    else:
        end = places.end_of_line(last.end_lineno or last.lineno)
        yield Edit(end, end, "".join(f"{source.newline}{line}" for line in lines))
    new = [one for one in missing if not _defines(source.text, f"_{one.name}")]
    if new:
        above = places.start_above(function)
        text = "".join(f"{one.text}\n\n" for one in new)
        yield Edit(above, above, text.replace("\n", source.newline))


def export_table(text: str) -> ast.Dict | None:
    """Return the table of a layer package from exported name to module. Raises SyntaxError."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == TABLE for target in targets):
                return node.value
    return None


def exported(table: ast.Dict) -> dict[str, str]:
    """Return the entries of a table of exports: name to module."""
    return {
        str(key.value): str(value.value)
        for key, value in zip(table.keys, table.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(value, ast.Constant)
    }


def export_edits(source: Source, wanted: Mapping[str, str]) -> Iterator[Edit]:
    """Yield the edits of a layer's `__init__.py` that let it export names which it does not export yet.

    ``wanted`` maps a name to its module, relative to the package (`.billing`) or absolute. Type checkers,
    which cannot follow the table, get an import of each name. Nothing is yielded where there is no table.
    Raises SyntaxError.
    """
    table = export_table(source.text)
    if table is None:
        return
    known = exported(table)
    missing = {name: module for name, module in sorted(wanted.items()) if name not in known}
    if not missing:
        return
    yield _table_edit(source, table, missing)
    yield from _typed_edits(source, missing)


def _defines(text: str, name: str) -> bool:
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in ast.parse(text).body)


def _table_edit(source: Source, table: ast.Dict, missing: Mapping[str, str]) -> Edit:
    """Add entries behind the last one, each on a line of its own unless the table stands on one line."""
    places = _Places(source)
    entries = [f'"{name}": "{module}"' for name, module in missing.items()]
    if not table.values:
        return _first_entries(source, table, entries)
    last = table.values[-1]
    end = places.offset(*_end(last))
    comma = _comma_behind(source.text, end)
    if table.lineno == table.end_lineno:
        return Edit(end, end, "".join(f", {entry}" for entry in entries))
    indent = source.text[places.start_of_line(table.values[-1].lineno) :]
    indent = indent[: len(indent) - len(indent.lstrip(" \t"))]
    lines = "".join(f"{source.newline}{indent}{entry}," for entry in entries)
    return Edit(end, end, f",{lines}") if comma is None else Edit(comma, comma, lines)


def _first_entries(source: Source, table: ast.Dict, entries: Sequence[str]) -> Edit:
    places = _Places(source)
    lines = "".join(f"    {entry},{source.newline}" for entry in entries)
    if table.lineno == table.end_lineno:
        start = places.offset(table.lineno, table.col_offset) + 1
        return Edit(start, places.offset(*_end(table)) - 1, f"{source.newline}{lines}")
    start = places.start_of_line(table.end_lineno or table.lineno)
    return Edit(start, start, lines)


def _comma_behind(text: str, at: int) -> int | None:
    """Return the offset behind a comma that follows on the same line, and behind a comment there."""
    rest = text[at:].lstrip(" \t")
    if not rest.startswith(","):
        return None
    end = _LINE_END.search(text, at)
    return end.start() if end else len(text)


def _typed_edits(source: Source, missing: Mapping[str, str]) -> Iterator[Edit]:
    places = _Places(source)
    body = ast.parse(source.text).body
    lines = [f"    from {module} import {name} as {name}" for name, module in missing.items()]
    guard = next((node for node in body if isinstance(node, ast.If) and _is_type_checking(node.test)), None)
    if guard is not None:
        end = places.end_of_line(guard.body[-1].end_lineno or guard.lineno)
        # What is imported from other projects stands in a section of its own above.
        is_first = not any(isinstance(node, ast.ImportFrom) and node.level for node in guard.body)
        start = source.newline if is_first and guard.body else ""
        yield Edit(end, end, start + "".join(f"{source.newline}{line}" for line in sorted(lines)))
        return
    imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    after = imports[-1] if imports else body[0]
    end = places.end_of_line(after.end_lineno or after.lineno)
    known = {alias.name for node in imports for alias in node.names}
    text = "" if imports else "\n"
    text += "" if "TYPE_CHECKING" in known else "\nfrom typing import TYPE_CHECKING"
    text += "\n\nif TYPE_CHECKING:\n" + "\n".join(sorted(lines))
    text += "" if places.is_blank(after) else "\n"
    yield Edit(end, end, text.replace("\n", source.newline))


def _is_type_checking(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def _end(node: ast.expr) -> tuple[int, int]:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return node.end_lineno, node.end_col_offset


class _Places:
    """Offsets of lines and columns as `ast` counts them: columns in bytes of UTF-8.

    `names.Offsets` knows more, and brings the whole of name resolution along, which costs a command's start.
    """

    def __init__(self, source: Source) -> None:
        self._text = source.text
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(source.text))]

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a column in bytes."""
        start = self._starts[line - 1]
        return start + len(self._text[start:].encode()[:column].decode())

    def start_of_line(self, line: int) -> int:
        """Return the offset of a line, counted from 1."""
        return self._starts[line - 1]

    def start_above(self, function: ast.FunctionDef) -> int:
        """Return the offset of a function's first line, with its decorators and the comments above."""
        line = min([function.lineno, *(one.lineno for one in function.decorator_list)])
        while line > 1 and self._text.startswith("#", self._starts[line - 2]):
            line -= 1
        return self._starts[line - 1]

    def end_of_line(self, line: int) -> int:
        """Return the offset of the line's end, before its line ending."""
        found = _LINE_END.search(self._text, self._starts[line - 1])
        return found.start() if found else len(self._text)

    def is_blank(self, node: ast.stmt) -> bool:
        """Tell whether the line below a statement is blank."""
        end = self.end_of_line(node.end_lineno or node.lineno)
        return _BLANK.match(self._text, end) is not None
