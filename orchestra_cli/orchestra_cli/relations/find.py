"""Find which orchestrators use which others, by what names mean and without importing anything."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from orchestra_cli.registered.model import Registered
from orchestra_cli.relations.model import Edge, Graph, How, Node
from orchestra_codemods.config import LAYERS, Config
from orchestra_codemods.names import Guard, Importers, importers_of_all
from orchestra_codemods.project import Project
from orchestra_codemods.source import PYTHON_SUFFIXES, SourceError
from orchestra_codemods.syntax import File
from orchestra_codemods.syntax.collectors import CALLS
from orchestra_codemods.syntax.places import allowed

if TYPE_CHECKING:
    from orchestra_codemods.inventory.model import Inventory


class _Use(NamedTuple):
    """A line of a file that uses a name of another, empty where it uses the module as a whole."""

    path: str
    line: int
    target: str
    name: str
    how: How


def find_relations(
    project: Project, registered: Iterable[Registered], inventory: Inventory, config: Config
) -> Graph:
    """Return the registered and the legacy orchestrators, and the uses of one in the file of another."""
    nodes = sorted({*_registered(project, registered), *_legacy(inventory)}, key=_order)
    by_path: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        by_path[node.path].append(node)
    found: dict[tuple[Node, Node, How], set[int]] = defaultdict(set)
    for use in _uses(project, by_path):
        for source in _around(by_path[use.path], use.line):
            for target in _meant(by_path[use.target], use.name):
                if source != target:
                    found[source, target, use.how].add(use.line)
    for source, name, line in _asked(project, by_path):
        for target in nodes:
            if target.name == name and target != source:
                found[source, target, "facade"].add(line)
    for source, target in _in_one_file(inventory, nodes):
        found[source, target, "import"].add(source.line)
    table = allowed(config)
    edges = (
        Edge(source, target, how, tuple(sorted(lines)), _problem(source, target, how, table))
        for (source, target, how), lines in found.items()
    )
    return Graph(tuple(nodes), tuple(sorted(edges, key=_edge_order)))


def _in_one_file(inventory: Inventory, nodes: Iterable[Node]) -> Iterator[tuple[Node, Node]]:
    """Yield which legacy class uses another one of its own file, where nothing is imported."""
    legacy = {node.name: node for node in nodes if not node.is_migrated}
    for one in inventory.orchestrators:
        for name in one.interactions if one.name in legacy else ():
            if name in legacy and legacy[name].path == one.path:
                yield legacy[one.name], legacy[name]


def _registered(project: Project, rows: Iterable[Registered]) -> Iterator[Node]:
    for row in rows:
        line, end = _lines_of_class(project, row.path, row.class_name)
        yield Node(row.name, row.layer or "", row.class_name or "", row.path or "", line, end, True)


def _legacy(inventory: Inventory) -> Iterator[Node]:
    for one in inventory.orchestrators:
        if one.refused is None:
            yield Node(one.name, str(one.layer), one.class_name, one.path, one.line, one.end_line, False)


def _lines_of_class(project: Project, path: str | None, name: str | None) -> tuple[int, int]:
    try:
        tree = ast.parse(project.sources[path or ""].text)
    except (KeyError, OSError, SourceError, SyntaxError, ValueError):
        return 0, 0
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name == name:
            return node.lineno, node.end_lineno or node.lineno
    return 0, 0


def _uses(project: Project, by_path: Mapping[str, list[Node]]) -> Iterator[_Use]:
    """Yield what one orchestrator's file takes from another's, types alone left out."""
    for target, importers in importers_of_all(project, [path for path in by_path if path]).items():
        for use in (*_imported(target, importers), *_named(target, importers)):
            if use.path in by_path and use.path != target:
                yield use


def _imported(target: str, importers: Importers) -> Iterator[_Use]:
    for site in importers.sites:
        if site.site.guard is not Guard.TYPE_CHECKING:
            lines = {use.place.line for use in site.uses} or {site.imported.place.line}
            for line in lines:
                yield _Use(site.path, line, target, site.resolution.name, "import")
    for chain in importers.chains:
        yield _Use(chain.path, chain.use.place.line, target, "", "import")


def _named(target: str, importers: Importers) -> Iterator[_Use]:
    for string in (*importers.strings, *importers.indirect):
        if string.path.endswith(PYTHON_SUFFIXES):
            yield _Use(string.path, string.string.place.line, target, string.name, "name")


def _asked(project: Project, by_path: Mapping[str, list[Node]]) -> Iterator[tuple[Node, str, int]]:
    """Yield who asks the facade for which name."""
    for path, nodes in by_path.items():
        try:
            source = project.sources[path]
            file = File(source, project.config)
        except (KeyError, OSError, SourceError, SyntaxError, ValueError, RecursionError):
            continue
        for node in ast.walk(file.tree) if "acade" in source.text else ():
            if isinstance(node, ast.Call):
                for fact in CALLS.collect(file, node):
                    for asking in _around(nodes, fact.span.line):
                        yield asking, fact.name, fact.span.line


def _around(nodes: list[Node], line: int) -> list[Node]:
    """Return the orchestrators whose class holds a line; all of the file where none does."""
    return [node for node in nodes if node.line <= line <= node.end_line] or nodes


def _meant(nodes: list[Node], name: str) -> list[Node]:
    """Return the orchestrators that a name of their module belongs to; all of them where it does not say."""
    return [node for node in nodes if node.class_name == name.partition(".")[0]] or nodes


def _problem(source: Node, target: Node, how: How, table: Mapping[str, tuple[str, ...]]) -> str:
    if how == "facade" or source.layer == target.layer or source.layer not in table:
        return ""
    may = table[source.layer]
    if target.layer not in table or target.layer in may:
        return ""
    return f"{source.layer} may use {' and '.join(may) or 'no other layer'}, not {target.layer}"


def _order(node: Node) -> tuple[int, str, bool]:
    order = {"application": 0, "domain": 1, "infrastructure": 2}
    assert order.keys() == set(LAYERS)
    return order.get(node.layer, len(order)), node.name, node.is_migrated


def _edge_order(edge: Edge) -> tuple[tuple[int, str, bool], tuple[int, str, bool], str]:
    return _order(edge.source), _order(edge.target), edge.how
