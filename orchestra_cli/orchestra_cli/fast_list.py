"""`orchestra list` when nothing has changed: the cached rows, without Typer and without the settings."""

from __future__ import annotations

import os
import sys

_FORMATS = {
    (): "text",
    ("--output-format", "text"): "text",
    ("--output-format", "json"): "json",
    ("--output-format=text",): "text",
    ("--output-format=json",): "json",
}


def cached_list(arguments: list[str]) -> str | None:
    """Return the text to print, or None where the ordinary way has to be gone."""
    output_format = _FORMATS.get(tuple(arguments))
    root = nearest_settings() if output_format is not None else None
    if root is None:
        return None
    from orchestra_cli import cache

    rows = cache.read("list", root)
    if rows is None:
        return None
    from orchestra_cli.reports.registered import RegisteredReport
    from orchestra_cli.terminal import style_of

    if output_format == "json":
        from orchestra_cli.formats.json import render
    else:
        from orchestra_cli.formats.text import render
    return render(RegisteredReport(rows), style_of(sys.stdout))


def nearest_settings() -> str | None:
    """Return the nearest folder with a settings file: for others there may be a cache, but not the answer."""
    folder = os.path.realpath(os.getcwd())
    while True:
        if any(os.path.isfile(os.path.join(folder, name)) for name in ("orchestra.toml", "pyproject.toml")):
            return folder
        above = os.path.dirname(folder)
        if above == folder or os.path.exists(os.path.join(folder, ".git")):
            return None
        folder = above
