"""One page of HTML that works from disk, without network and script: dark and light, on phones, read aloud.

Pages are made of sections. Each has a heading that the list at the top leads to; everything that a plot
shows stands in words or in a table as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from typing import NamedTuple

Cells = Sequence[str]
"""The cells of a row, in HTML; the first heads the row."""


class Section(NamedTuple):
    """A part of a page: its title, and its content in HTML."""

    name: str
    title: str
    content: str


def page(title: str, lead: str, sections: Iterable[Section]) -> str:
    """Return the page. ``lead`` is the sentence that somebody reads who reads nothing else."""
    sections = [section for section in sections if section.content]
    style = files("orchestra_cli.reports").joinpath("page.css").read_text("utf-8")
    links = "".join(f'<li><a href="#{one.name}">{escape(one.title)}</a></li>' for one in sections)
    content = "".join(
        f'<section aria-labelledby="{one.name}">\n<h2 id="{one.name}">{escape(one.title)}</h2>\n'
        f"{one.content}</section>\n"
        for one in sections
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#content">Skip to the content</a>\n'
        f'<header>\n<h1>{escape(title)}</h1>\n<p class="lead">{escape(lead)}</p>\n'
        f'<nav aria-label="On this page"><ul>{links}</ul></nav>\n</header>\n'
        f'<main id="content">\n{content}</main>\n</body>\n</html>\n'
    )


def table(caption: str, heads: Sequence[str], rows: Iterable[Cells], *, numbers: int = 0) -> str:
    """Return a table that scrolls for itself where it is wider than the window.

    The last ``numbers`` columns hold numbers, no line of such a table is broken. Heads are text, cells are
    HTML.
    """
    layout = "figures" if numbers else "text"
    first = len(heads) - numbers
    kinds = ["" if column < first else ' class="number"' for column in range(len(heads))]
    head = "".join(
        f'<th scope="col"{kind}>{escape(one)}</th>' for one, kind in zip(heads, kinds, strict=True)
    )
    body = "".join(_row(row, kinds) for row in rows)
    return (
        f'<div class="scroll" role="region" aria-label="{escape(caption)}" tabindex="0">\n'
        f'<table class="{layout}">\n'
        f"<caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n"
        "</table>\n</div>\n"
    )


def details(summary: str, items: Iterable[str]) -> str:
    """Return a list that is shown when somebody asks for it; ``summary`` is text, items are HTML."""
    listed = "".join(f"<li>{item}</li>" for item in items)
    return f"<details><summary>{escape(summary)}</summary><ul>{listed}</ul></details>"


def _row(cells: Cells, kinds: Sequence[str]) -> str:
    first, *others = cells
    rest = "".join(f"<td{kind}>{one}</td>" for one, kind in zip(others, kinds[1:], strict=True))
    return f'<tr><th scope="row">{first}</th>{rest}</tr>\n'
