"""Who calls whom, as text for Mermaid, as a page, and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from orchestra_cli.relations.model import Edge, Graph, Node
from orchestra_cli.terminal import Style

_ARROWS = {"import": "-->", "name": "-.->", "facade": "-. facade .->"}
_ENTITIES = str.maketrans({"&": "#amp;", '"': "#quot;", "<": "#lt;", ">": "#gt;"})
_RED = "stroke:#cf222e,stroke-width:3px"


@dataclass(frozen=True, slots=True)
class GraphReport:
    """A graph, and the form in which people want it."""

    graph: Graph
    form: str
    command: str = "graph"

    def data(self) -> Mapping[str, Any]:
        """Return the orchestrators and the edges between them."""
        return {
            "orchestrators": [_node(node) for node in self.graph.nodes],
            "edges": [
                {
                    "source": edge.source.name,
                    "target": edge.target.name,
                    "how": edge.how,
                    "path": edge.source.path,
                    "lines": list(edge.lines),
                    "problem": edge.problem or None,
                }
                for edge in self.graph.edges
            ],
        }

    def lines(self, style: Style) -> Iterable[str]:
        """Return the lines of the text or of the page, which have no colour whatever the style."""
        del style
        if self.form == "mermaid":
            return mermaid(self.graph)
        from orchestra_cli.reports.graph_page import graph_page

        return graph_page(self.graph).rstrip("\n").split("\n")


def mermaid(graph: Graph) -> Iterator[str]:
    """Yield the lines of a flowchart (https://mermaid.js.org/syntax/flowchart.html)."""
    names = {node: f"n{number}" for number, node in enumerate(graph.nodes)}
    yield "flowchart TB"
    for layer, nodes in by_layer(graph):
        yield f'  subgraph {layer or "unknown"}["{layer or "layer unknown"}"]'
        for node in nodes:
            yield f'    {names[node]}["{_quoted(node.name)}"]{"" if node.is_migrated else ":::legacy"}'
        yield "  end"
    for edge in graph.edges:
        yield f"  {names[edge.source]} {_ARROWS[edge.how]} {names[edge.target]}"
    red = [str(number) for number, edge in enumerate(graph.edges) if edge.problem]
    if red:
        yield f"  linkStyle {','.join(red)} {_RED}"
    if not all(node.is_migrated for node in graph.nodes):
        yield "  classDef legacy stroke-dasharray:5 5"


def by_layer(graph: Graph) -> Iterator[tuple[str, list[Node]]]:
    """Yield the layers that have orchestrators, with these."""
    for layer, nodes in groupby(graph.nodes, key=lambda node: node.layer):
        yield layer, list(nodes)


def place_of(edge: Edge) -> str:
    """Return where an edge stands in the source."""
    return f"{edge.source.path}:{', '.join(map(str, edge.lines))}"


def _node(node: Node) -> dict[str, Any]:
    return {
        "name": node.name,
        "layer": node.layer or None,
        "class": node.class_name or None,
        "path": node.path or None,
        "migrated": node.is_migrated,
    }


def _quoted(text: str) -> str:
    return " ".join(text.split()).translate(_ENTITIES)
