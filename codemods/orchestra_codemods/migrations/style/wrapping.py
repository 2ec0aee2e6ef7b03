"""Lines that a migration made too long, broken where black breaks them."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from orchestra_codemods.change import Edit, apply_edits
from orchestra_codemods.migrations.style.brackets import Bracket, brackets_of, parts_of, shared_lines
from orchestra_codemods.names import Offsets, parse

_STEP = re.compile(r":[ \t]*\r?\n([ \t]+)\S")
_LINE_END = re.compile(r"\r\n|\r|\n")
_IMPORT = re.compile(r"(?P<head>[ \t]*from [\w.]+ import )(?P<names>[\w, ]+?)(?P<comment>\s*#.*)?")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is too long for ``width``; ``step`` is by how much its file indents."""

    start: int
    text: str
    width: int
    step: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def indent(self) -> str:
        return self.text[: len(self.text) - len(self.text.lstrip(" \t"))]


def lines_of(text: str) -> list[str]:
    """Return the lines of a text as the parser has them."""
    return _LINE_END.split(text)


def wrapped(known: Collection[str], text: str, width: int) -> str:
    """Return a text in which lines are broken that are too long and not known, where that helps."""
    lines = lines_of(text)
    if all(len(line) <= width or line in known for line in lines):
        return text
    tree = parse(text)
    offsets = Offsets(text)
    brackets = brackets_of(tree, offsets)
    shared = shared_lines(tree)
    edits: list[Edit] = []
    for number, line in enumerate(lines, start=1):
        if len(line) > width and line not in known and number not in shared:
            edits += _broken(_Line(offsets.offset(number, 0), line, width, _step(text)), text, brackets)
    newline = "\r\n" if "\r\n" in text else "\n"
    made = apply_edits(text, [Edit(one.start, one.end, one.text.replace("\n", newline)) for one in edits])
    return made if _is_same(tree, made) else text


def _is_same(tree: ast.Module, text: str) -> bool:
    try:
        return ast.dump(ast.parse(text)) == ast.dump(tree)
    except SyntaxError:
        return False


def _step(text: str) -> str:
    """Return by how much a text indents its blocks."""
    found = _STEP.search(text)
    if found and "\t" in found[1]:
        return "\t"
    return found[1] if found and len(found[1]) in (2, 3) else " " * 4


def _broken(line: _Line, text: str, brackets: Sequence[Bracket]) -> list[Edit]:
    """Return the edit that breaks a line; none where nothing would help."""
    statement = _IMPORT.fullmatch(line.text)
    if statement is not None:
        names = [each.strip() for each in statement["names"].split(",")]
        listed = "".join(f"{line.indent}{line.step}{name},\n" for name in names)
        head = f"{statement['head']}({statement['comment'] or ''}"
        return [Edit(line.start, line.end, f"{head}\n{listed}{line.indent})")]
    for one in brackets:
        content = text[one.start : one.end]
        if one.start < line.start and line.end < one.end and content.strip() == line.text.strip():
            parts = parts_of(content.strip())
            if len(parts) > 1:
                return [Edit(line.start, line.end, _listed(parts, line.indent, one))]
        elif line.start <= one.start and one.end <= line.end and content.strip():
            inside = _inside(content.strip(), one, f"{line.indent}{line.step}", line.width)
            is_help = not one.is_missing or max(map(len, inside.split("\n"))) <= line.width
            if is_help and one.start - line.start <= line.width:
                opening, closing = ("(", ")") if one.is_missing else ("", "")
                return [Edit(one.start, one.end, f"{opening}\n{inside}\n{line.indent}{closing}")]
    return []


def _inside(content: str, bracket: Bracket, indent: str, width: int) -> str:
    is_whole = not content.endswith(",") and not (bracket.is_missing and bracket.takes_comma)
    if is_whole and (len(indent) + len(content) <= width or not bracket.takes_comma):
        return f"{indent}{content}"
    return _listed(parts_of(content), indent, bracket)


def _listed(parts: Sequence[str], indent: str, bracket: Bracket) -> str:
    return ",\n".join(f"{indent}{part}" for part in parts) + ("," if bracket.takes_comma else "")
