"""How help looks. Imports nothing, so that `orchestra --help` costs little more than the interpreter."""

from __future__ import annotations

Rows = tuple[tuple[str, str], ...]


def main_help(columns: int) -> str:
    """Return the help of `orchestra` from the static table."""
    from orchestra_cli.table import DESCRIPTION, GLOBAL_OPTIONS, SECTIONS

    sections = [(title, rows) for title, rows in SECTIONS]
    closing = "`orchestra COMMAND --help` says more about a command."
    return page(
        "orchestra [OPTIONS] COMMAND …",
        DESCRIPTION,
        [*sections, ("Options", GLOBAL_OPTIONS)],
        closing,
        columns,
    )


def page(usage: str, text: str, sections: list[tuple[str, Rows]], closing: str, columns: int) -> str:
    """Return one page of help: usage, text, a list of definitions for each section with rows, a last line."""
    lines = [f"Usage: {usage}", "", *paragraphs(text, columns)]
    shown = [(title, rows) for title, rows in sections if rows]
    longest = max((len(name) for _, rows in shown for name, _ in rows), default=0)
    first = min(longest, 28, columns // 3) + 4
    for title, rows in shown:
        lines += ["", f"{title}:", *_definitions(rows, first, columns)]
    if closing:
        lines += ["", *wrap(closing, columns)]
    return "\n".join(lines) + "\n"


def paragraphs(text: str, columns: int) -> list[str]:
    """Return a docstring wrapped to the width; indented lines (examples) are kept as they are."""
    lines: list[str] = []
    for block in text.strip().split("\n\n"):
        if lines:
            lines.append("")
        rows = block.strip("\n").split("\n")
        if all(row.startswith("    ") for row in rows):
            lines += [row[2:] for row in rows]
        else:
            lines += wrap(" ".join(row.strip() for row in rows), columns)
    return lines


def wrap(text: str, columns: int) -> list[str]:
    """Return the words of ``text`` in lines of at most ``columns`` characters."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > columns:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line] if line else lines


def _definitions(rows: Rows, first: int, columns: int) -> list[str]:
    """Return names with their explanations in two columns; a long name has a line of its own."""
    lines: list[str] = []
    for name, explanation in rows:
        wrapped = wrap(explanation, columns - first)
        if len(name) + 4 > first:
            lines.append(f"  {name}")
        else:
            lines.append(f"  {name:<{first - 2}}{wrapped.pop(0) if wrapped else ''}".rstrip())
        lines += [" " * first + line for line in wrapped]
    return lines
