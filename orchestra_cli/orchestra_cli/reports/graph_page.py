"""Who calls whom, as one page for a browser."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from orchestra_cli.relations.model import Edge, Graph, Node
from orchestra_cli.reports.drawing import drawing
from orchestra_cli.reports.graph import by_layer, place_of
from orchestra_cli.reports.page import Section, page, table
from orchestra_cli.reports.status import counted

_LEGEND = (
    '<p class="soft">A solid box is migrated, a dashed one is a legacy class in the layer that a scan '
    "proposes. A solid arrow is an import, a dashed one a name: in a string, or asked of the facade. A thick "
    "red arrow is what its layer may not use. Everything is in words below.</p>\n"
)


def graph_page(graph: Graph) -> str:
    """Return the page."""
    nodes, edges, wrong = len(graph.nodes), len(graph.edges), len(graph.problems)
    lead = f"{counted(nodes, 'orchestrator')}, {counted(edges, 'connection')}, {counted(wrong, 'violation')}."
    return page(
        "Orchestrators and who calls whom",
        lead,
        [
            Section("drawing", "Drawing", _drawn(graph)),
            Section("violations", "Violations", _violations(graph.problems)),
            Section("orchestrators", "Orchestrators", _orchestrators(graph)),
        ],
    )


def _drawn(graph: Graph) -> str:
    if not graph.nodes:
        return "<p>There is no orchestrator yet.</p>\n"
    bands = [(layer or "layer unknown", nodes) for layer, nodes in by_layer(graph)]
    words = "; ".join(f"{layer}: {', '.join(node.name for node in nodes)}" for layer, nodes in bands)
    return (
        f'{_LEGEND}<div class="scroll" role="region" aria-label="The drawing" tabindex="0">\n'
        f"{drawing(words, bands, graph.edges)}</div>\n"
    )


def _violations(problems: Iterable[Edge]) -> str:
    rows = [
        (
            f"{escape(edge.source.name)} uses {escape(edge.target.name)}",
            f"<p>{escape(edge.problem)}</p><p><code>{escape(place_of(edge))}</code></p>",
        )
        for edge in problems
    ]
    return table("What a layer may not use", ("who uses whom", "why, and where"), rows) if rows else ""


def _orchestrators(graph: Graph) -> str:
    rows = [
        (
            f"{escape(node.name)}{_about(node)}",
            _uses([edge for edge in graph.edges if edge.source == node])
            + _used_by([edge.source.name for edge in graph.edges if edge.target == node])
            or "none",
        )
        for node in graph.nodes
    ]
    return table("Each orchestrator with its connections", ("name", "connections"), rows) if rows else ""


def _about(node: Node) -> str:
    kind = "migrated" if node.is_migrated else "legacy"
    return f'<span class="soft">{escape(node.layer or "layer unknown")}, {kind}</span>'


def _uses(edges: Iterable[Edge]) -> str:
    return "".join(
        f"<p>uses {escape(edge.target.name)} by {edge.how}"
        f"{' <strong>(violation)</strong>' if edge.problem else ''}: "
        f"<code>{escape(place_of(edge))}</code></p>"
        for edge in edges
    )


def _used_by(names: Iterable[str]) -> str:
    listed = ", ".join(escape(name) for name in dict.fromkeys(names))
    return f"<p>used by {listed}</p>" if listed else ""
