"""The status as one page of HTML that works from disk: no network, no script, dark and light."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from orchestra_cli.progress_of import Progress, Standing, forms_left
from orchestra_cli.reports.status import STATES, sentence

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #8c959f; --migrated: #1a7f37;
  --to-migrate: #0969da; --refused: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --line: #6e7681;
  --migrated: #3fb950; --to-migrate: #58a6ff; --refused: #d29922; } }
body { color: var(--ink); background: var(--paper); font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto;
  max-width: 70rem; padding: 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: bold; padding: 1rem 0 .5rem; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .6rem; text-align: left; vertical-align: top; }
svg { width: 100%; height: 2.5rem; display: block; }
.migrated { fill: var(--migrated); color: var(--migrated); }
.to-migrate { fill: var(--to-migrate); color: var(--to-migrate); }
.refused { fill: var(--refused); color: var(--refused); }
"""


def status_page(progress: Progress) -> str:
    """Return the page."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Migration status</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>Migration status</h1>\n<p>{escape(sentence(progress))}.</p>\n{_bar(progress)}"
        f"{_table('Orchestrators', _HEADS, (_cells(one) for one in progress.standings))}"
        f"{_table('Places left', ('form of the place', 'left'), _places(progress))}"
        "</main>\n</body>\n</html>\n"
    )


_HEADS = ("orchestrator", "state", "layer", "places left", "why", "next step")


def _bar(progress: Progress) -> str:
    """Return how many orchestrators are in which state, as one bar that is described in words as well."""
    total = max(len(progress.standings), 1)
    words = ", ".join(f"{progress.count(state)} {state}" for state in STATES)  # type: ignore[arg-type]
    pieces, start = [], 0.0
    for state in STATES:
        width = 100 * progress.count(state) / total  # type: ignore[arg-type]
        kind = state.replace(" ", "-")
        pieces.append(f'<rect class="{kind}" x="{start:.2f}" y="0" width="{width:.2f}" height="10"/>')
        start += width
    return (
        f'<svg role="img" aria-label="{words}" viewBox="0 0 100 10" preserveAspectRatio="none">'
        f"<title>{words}</title>{''.join(pieces)}</svg>\n"
    )


def _table(caption: str, heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join(_row(*row) for row in rows)
    return (
        f'<div class="scroll" role="region" aria-label="{escape(caption)}" tabindex="0">\n<table>\n'
        f"<caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n"
        "</table>\n</div>\n"
    )


def _row(first: str, *others: str) -> str:
    cells = "".join(f"<td>{escape(one)}</td>" for one in others)
    return f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>\n'


def _cells(one: Standing) -> tuple[str, ...]:
    left = ", ".join(f"{count} {form}" for form, count in sorted(one.left.items()))
    return one.name, one.state, one.layer or "", left, one.why, one.next_step


def _places(progress: Progress) -> Iterator[tuple[str, ...]]:
    return ((form, str(count)) for form, count in forms_left(progress))
