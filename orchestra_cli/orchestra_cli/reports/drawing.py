"""Boxes in bands, and arrows between them, as SVG that takes its colours from the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from orchestra_cli.relations.model import Edge, Node

_WIDTH, _ACROSS = 960, 5
_BOX_WIDTH, _BOX_HEIGHT = 168, 36
_GAP, _ROW, _HEAD = 18, 84, 34
_MARGIN = 12
_APART = 16
_TIP = 7
_LONGEST = 21


class _Box(NamedTuple):
    """Where an orchestrator is drawn: the middle of its box, the upper and lower border, and its row."""

    x: float
    top: float
    row: int

    @property
    def bottom(self) -> float:
        """The lower border."""
        return self.top + _BOX_HEIGHT


def drawing(words: str, bands: Sequence[tuple[str, Sequence[Node]]], edges: Sequence[Edge]) -> str:
    """Return the picture of some bands of orchestrators with the edges; ``words`` says what it shows."""
    boxes: dict[Node, _Box] = {}
    parts: list[str] = []
    top, row = float(_MARGIN), 0
    for title, nodes in bands:
        rows = -(-len(nodes) // _ACROSS)
        height = _HEAD + rows * _ROW - _GAP
        parts.append(_band(title, top, height))
        for index, node in enumerate(nodes):
            x = _MARGIN * 2 + (index % _ACROSS) * (_BOX_WIDTH + _GAP) + _BOX_WIDTH / 2
            boxes[node] = _Box(x, top + _HEAD + (index // _ACROSS) * _ROW, row + index // _ACROSS)
        top += height + _MARGIN
        row += rows
    parts += _arrows(boxes, edges)
    parts += [_drawn(node, box) for node, box in boxes.items()]
    return (
        f'<svg class="graph" role="img" aria-label="{escape(words)}" viewBox="0 0 {_WIDTH} {top:.0f}">'
        f"{''.join(parts)}</svg>\n"
    )


def _band(title: str, top: float, height: float) -> str:
    return (
        f'<rect class="band" x="{_MARGIN}" y="{top:.0f}" width="{_WIDTH - 2 * _MARGIN}" '
        f'height="{height:.0f}" rx="8"/>'
        f'<text class="soft" x="{2 * _MARGIN}" y="{top + 20:.0f}">{escape(title)}</text>'
    )


def _drawn(node: Node, box: _Box) -> str:
    name = node.name if len(node.name) <= _LONGEST else f"{node.name[: _LONGEST - 1]}…"
    kind = "box" if node.is_migrated else "box legacy"
    return (
        f'<g><title>{escape(node.name)}</title><rect class="{kind}" x="{box.x - _BOX_WIDTH / 2:.0f}" '
        f'y="{box.top:.0f}" width="{_BOX_WIDTH}" height="{_BOX_HEIGHT}" rx="6"/>'
        f'<text x="{box.x:.0f}" y="{box.top + 22:.0f}" text-anchor="middle">{escape(name)}</text></g>'
    )


def _arrows(boxes: dict[Node, _Box], edges: Sequence[Edge]) -> Iterator[str]:
    """Yield an arrow an edge, the wrong ones last, so that they lie above the others."""
    leaving: dict[Node, int] = {}
    for edge in sorted(edges, key=lambda one: bool(one.problem)):
        source, target = boxes[edge.source], boxes[edge.target]
        number = leaving[edge.source] = leaving.get(edge.source, 0) + 1
        wished = (number // 2) * (_APART if number % 2 else -_APART)
        shift = max(min(wished, _BOX_WIDTH / 2 - 8), 8 - _BOX_WIDTH / 2)
        what = f"{edge.source.name} uses {edge.target.name}"
        kind = "edge" if edge.how == "import" else "edge by-name"
        yield _arrow(source, target, shift, f"{kind} wrong" if edge.problem else kind, what)


def _arrow(source: _Box, target: _Box, shift: float, kind: str, what: str) -> str:
    """Return a curve that leaves and arrives upright: below, above, or round the gap under one row."""
    x, end_x = source.x + shift, target.x + shift / 4
    if source.row < target.row:
        y, end_y, bend, end_bend, tip = source.bottom, target.top, 1, -1, -_TIP
    elif source.row > target.row:
        y, end_y, bend, end_bend, tip = source.top, target.bottom, -1, 1, _TIP
    else:
        y, end_y, bend, end_bend, tip = source.bottom, target.bottom, 1, 1, _TIP
    pull = max(abs(end_y - y) / 2, 34)
    curve = (
        f"M{x:.1f} {y:.1f}C{x:.1f} {y + bend * pull:.1f} {end_x:.1f} {end_y + end_bend * pull:.1f} "
        f"{end_x:.1f} {end_y + tip:.1f}"
    )
    head = f"M{end_x - 5:.1f} {end_y + tip:.1f}L{end_x:.1f} {end_y:.1f}L{end_x + 5:.1f} {end_y + tip:.1f}Z"
    return (
        f'<g class="{kind}"><title>{escape(what)}</title><path class="curve" d="{curve}"/>'
        f'<path class="head" d="{head}"/></g>'
    )
