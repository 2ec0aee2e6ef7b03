"""Which names a layer package exports from elsewhere: classes that were migrated where they stood."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.syntax.fact import Collector, Fact, Facts
from orchestra_codemods.syntax.file import File

TABLE = "_EXPORTS"


def _exports(file: File, node: ast.Assign | ast.AnnAssign) -> Iterator[Fact]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if not isinstance(node.value, ast.Dict) or [ast.unparse(one) for one in targets] != [TABLE]:
        return
    for key, value in zip(node.value.keys, node.value.values, strict=True):
        match key, value:
            case ast.Constant(value=str() as name), ast.Constant(value=str() as module):
                yield Fact(name, file.span(value), data={"module": module})


EXPORTS = Collector("exports", ((TABLE.encode(),),), (ast.Assign, ast.AnnAssign), _exports)


def kept_in_place(facts: Facts) -> frozenset[tuple[str, str]]:
    """Return class and module of what a layer package exports without holding it."""
    return frozenset(
        (fact.name, fact.data["module"])
        for _, fact in facts.of(EXPORTS)
        if not fact.data["module"].startswith(".")
    )
