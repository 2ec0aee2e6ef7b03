"""Plots as SVG that takes its colours from the page (docs/decisions/0021)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import ceil, log10
from typing import NamedTuple

_WIDTH, _HEIGHT = 360, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 8, 18, 30
_LABEL_WIDTH = 46


class Series(NamedTuple):
    """One kind of thing: the class that colours it, what it is called, and its number at each point."""

    kind: str
    title: str
    values: Sequence[int]


def bar(parts: Sequence[tuple[str, str, int]]) -> str:
    """Return one bar, divided: class, name and number of each part. It is described in words as well."""
    total = max(sum(number for _, _, number in parts), 1)
    words = ", ".join(f"{number} {title}" for _, title, number in parts)
    pieces, start = [], 0.0
    for kind, _, number in parts:
        width = 100 * number / total
        pieces.append(f'<rect class="{kind}" x="{start:.2f}" y="0" width="{width:.2f}" height="10"/>')
        start += width
    return (
        f'<svg class="bar" role="img" aria-label="{escape(words)}" viewBox="0 0 100 10" '
        f'preserveAspectRatio="none">{"".join(pieces)}</svg>\n'
    )


def legend(parts: Sequence[tuple[str, str, int]]) -> str:
    """Return what the colours of a bar or plot mean, with numbers."""
    items = "".join(
        f'<li class="{kind}"><span>{escape(title)}: {number}</span></li>' for kind, title, number in parts
    )
    return f'<ul class="legend">{items}</ul>\n'


def columns(caption: str, labels: Sequence[str], series: Sequence[Series]) -> str:
    """Return a figure with a column for each label, in which the series stand on one another."""
    totals = [sum(numbers) for numbers in zip(*(one.values for one in series), strict=True)]
    scale = _Scale(round_up(max(totals)), (_WIDTH - _LEFT - _RIGHT) / len(labels))
    every = max(1, ceil(_LABEL_WIDTH / scale.step))
    parts = [_grid(number, scale) for number in (0, scale.most // 2, scale.most)]
    for index, label in enumerate(labels):
        parts += _column(index, label, scale, series)
        is_labelled = (len(labels) - 1 - index) % every == 0
        if is_labelled:
            parts.append(_text(scale.x(index), _HEIGHT - 10, label, "middle", "soft"))
        if is_labelled or index == 0:
            parts.append(_text(scale.x(index), scale.y(totals[index]) - 4, str(totals[index]), "middle"))
    words = f"{caption}: {totals[0]} at {labels[0]}, {totals[-1]} at {labels[-1]}"
    return (
        f"<figure>\n<figcaption>{escape(caption)}</figcaption>\n"
        f'<svg role="img" aria-label="{escape(words)}" viewBox="0 0 {_WIDTH} {_HEIGHT}">'
        f"{''.join(parts)}</svg>\n</figure>\n"
    )


def round_up(number: int) -> int:
    """Return the end of a scale that is easily read: not less, and with a half that is whole."""
    unit = int(10 ** max(int(log10(max(number, 1))) - 1, 0))
    ends = (unit * factor for factor in (2, 4, 6, 8, 10, 12, 16, 20, 30, 40, 60, 80, 100))
    return next(end for end in ends if end >= number)


class _Scale(NamedTuple):
    """The number at the top, and how far the columns are apart."""

    most: int
    step: float

    def x(self, index: int) -> float:
        """The middle of a column."""
        return _LEFT + self.step * (index + 0.5)

    def y(self, number: int) -> float:
        """The height of a number."""
        return _HEIGHT - _BOTTOM - (_HEIGHT - _BOTTOM - _TOP) * number / self.most


def _column(index: int, label: str, scale: _Scale, series: Sequence[Series]) -> Iterator[str]:
    width, below = min(scale.step * 0.7, 40), 0
    for one in series:
        number = one.values[index]
        top, bottom = scale.y(below + number), scale.y(below)
        below += number
        if number:
            yield (
                f'<rect class="{one.kind}" x="{scale.x(index) - width / 2:.1f}" y="{top:.1f}" '
                f'width="{width:.1f}" height="{bottom - top:.1f}">'
                f"<title>{escape(f'{label}: {number} {one.title}')}</title></rect>"
            )


def _grid(number: int, scale: _Scale) -> str:
    y = scale.y(number)
    line = f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
    return line + _text(_LEFT - 6, y + 4, str(number), "end", "soft")


def _text(x: float, y: float, text: str, anchor: str, kind: str = "") -> str:
    given = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{given}>{escape(text)}</text>'
