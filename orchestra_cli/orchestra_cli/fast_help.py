"""`orchestra COMMAND --help` without Typer: the page that the command itself would print, from pages.json.

`make docs` writes that file; a test compares every page with what the command prints.
"""

from __future__ import annotations

from typing import Any


def pages() -> dict[str, Any]:
    """Return the pages of all commands, and the codes that can be explained."""
    import json
    import os

    file = os.path.join(os.path.dirname(__file__), "pages.json")
    with open(file, encoding="utf-8") as stream:
        found: dict[str, Any] = json.load(stream)
    return found


def command_help(words: list[str]) -> str | None:
    """Return the help of a command, or None where there is none of that name."""
    try:
        page = pages()["commands"].get(" ".join(words))
    except OSError:
        return None
    if page is None:
        return None
    from orchestra_cli import help as layout
    from orchestra_cli.terminal import width

    sections = [(title, tuple((name, text) for name, text in rows)) for title, rows in page["sections"]]
    return layout.page(page["usage"], page["text"], sections, "", width())
