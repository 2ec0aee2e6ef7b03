"""Import statements that follow one another, and how they stand in the order of the project."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from orchestra_codemods.change import Edit, apply_edits
from orchestra_codemods.names import Offsets, parse

if TYPE_CHECKING:
    from isort.settings import Config

Import = ast.Import | ast.ImportFrom
_BODIES = ("body", "orelse", "finalbody", "handlers", "cases")
_COMMENT = re.compile(r"#.*")


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of a text: imports in one body, with the comments and blank lines between them."""

    start: int
    end: int
    indent: str


def import_blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a text in which each statement has its lines for itself."""
    if "isort: off" in text or "isort: skip_file" in text or "isort:skip_file" in text:
        return
    offsets = Offsets(text)
    for run in _runs(parse(text)):
        start = _line_start(text, offsets.place(run[0]).start)
        indent = text[start : offsets.place(run[0]).start]
        places = [offsets.place(each) for each in run]
        is_alone = all(
            text[_line_start(text, each.start) : each.start] == indent and _is_free(text, each.end)
            for each in places
        )
        if is_alone and not indent.strip(" \t"):
            yield Block(start, next_line(text, places[-1].end), indent)


def block_around(text: str, at: int) -> Block | None:
    """Return the block that holds a place, where it stands at the top level."""
    return next(
        (each for each in import_blocks(text) if each.start <= at < each.end and not each.indent), None
    )


def is_imports(text: str) -> bool:
    """Tell whether a text is import statements and nothing else."""
    return bool(statements(text)) and all(isinstance(each, Import) for each in statements(text))


def statements(text: str) -> Sequence[ast.stmt]:
    """Return the statements of an indented text; none where it cannot be parsed."""
    try:
        return ast.parse(textwrap.dedent(text.lstrip("\r\n"))).body
    except SyntaxError:
        return ()


def bound(text: str) -> list[str]:
    """Return what imports bind, in their order: names, the whole of `import a.b`, `*` for a star import."""
    return [
        alias.asname or alias.name
        for each in statements(text)
        if isinstance(each, Import)
        for alias in each.names
    ]


def spaced(text: str) -> str:
    """Return a text with as many blank lines below its first imports as isort leaves there."""
    block = next((each for each in import_blocks(text) if not each.indent), None)
    if block is None or not text[block.end :].strip():
        return text
    after = text[block.end :].lstrip("\r\n")
    lines = re.split(r"\r\n|\r|\n", after)
    first = next((line for line in lines if line and not line.startswith("#")), "")
    newline = "\r\n" if "\r\n" in text else "\n"
    is_definition = first.startswith(("class ", "def ", "async def ", "@"))
    return f"{text[: block.end]}{newline * (2 if is_definition else 1)}{after}"


@lru_cache(maxsize=1024)
def in_order(text: str, indent: str, sorting: Config, known: str = "") -> str:
    """Return a block as isort writes it with these settings, less the indentation before it.

    Statements that another block has too are written as they are there, whatever isort makes of their lines.
    """
    import isort

    newline = "\r\n" if "\r\n" in text else "\n"
    plain, other = (_without_indent(each, indent) for each in (text, known))
    step = "\t" if "\t" in indent else sorting.indent
    made = isort.code(plain, config=_indented(sorting, len(indent.expandtabs(4)), step))
    made = _as_written(made.rstrip("\n") + ("\n" if plain.endswith("\n") else ""), other)
    return newline.join(f"{indent}{line}" if line else line for line in made.split("\n"))


def _without_indent(text: str, indent: str) -> str:
    return "\n".join(line.removeprefix(indent) for line in text.replace("\r\n", "\n").split("\n"))


def _as_written(made: str, known: str) -> str:
    """Return imports with those statements as they are in another text that it has as well."""
    there = {ast.dump(node): ast.get_source_segment(known, node) for node in statements(known)}
    offsets = Offsets(made)
    places = [(offsets.place(node), there.get(ast.dump(node))) for node in statements(made)]
    edits = [Edit(place.start, place.end, text) for place, text in places if text is not None]
    found = apply_edits(made, edits)
    return found if sorted(_COMMENT.findall(found)) == sorted(_COMMENT.findall(made)) else made


def next_line(text: str, at: int) -> int:
    """Return where the line behind a place begins, or the end of the text."""
    while at < len(text) and text[at] not in "\r\n":
        at += 1
    return at + (2 if text.startswith("\r\n", at) else 1 if at < len(text) else 0)


def _indented(sorting: Config, by: int, step: str) -> Config:
    from isort.settings import Config

    return Config(config=sorting, line_length=sorting.line_length - by, indent=step) if by else sorting


def _runs(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    """Yield the imports that follow one another, looking at statements alone: expressions hold none."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        for name in _BODIES:
            run: list[ast.stmt] = []
            for each in getattr(node, name, ()):
                if isinstance(each, Import):
                    run.append(each)
                    continue
                waiting.append(each)
                if run:
                    yield run
                    run = []
            if run:
                yield run


def _line_start(text: str, at: int) -> int:
    while at > 0 and text[at - 1] not in "\r\n":
        at -= 1
    return at


def _is_free(text: str, at: int) -> bool:
    rest = text[at : next_line(text, at)].strip()
    return not rest or rest.startswith("#")
