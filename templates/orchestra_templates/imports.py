"""The imports of a rendered file: from the project's modules, only what is used, in the usual order."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

WIDTH = 88
"""Beyond this an import takes a line for each name, as the usual formatters write it."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where names come from after rendering.

    ``renamed`` maps a name to the module it is imported from, whatever the template says; None drops it.
    ``package`` is the project's package, which offers ``offered``; what it does not offer is imported from
    the framework. ``first_party`` are the top-level names of the project. ``types`` are further names to
    import for type checkers, with their modules.
    """

    package: str
    offered: frozenset[str]
    first_party: frozenset[str]
    renamed: Mapping[str, str | None] = field(default_factory=dict)
    types: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class _From:
    names: set[str] = field(default_factory=set)
    is_tall: bool = False


def arrange(text: str, places: Places) -> str:
    """Return the text with its imports at the top, and those for type checkers, written anew.

    Between the first import and the last at the top level stands nothing else.
    """
    tree = ast.parse(text)
    top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    guarded = next((node for node in tree.body if _is_guard(node)), None)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    lines = text.splitlines(keepends=True)
    if guarded is not None:
        assert isinstance(guarded, ast.If)
        block = _block(_collected(_imports(guarded.body), places, used, places.types), places, "    ")
        head = lines[guarded.lineno - 1]
        lines[guarded.lineno - 1 : guarded.end_lineno] = [f"{head}{block}" if block else ""]
    if top:
        block = _block(_collected(top, places, used, ()), places, "")
        lines[top[0].lineno - 1 : top[-1].end_lineno] = [block]
    return "".join(lines)


def _is_guard(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _imports(body: Iterable[ast.stmt]) -> list[ast.Import | ast.ImportFrom]:
    return [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]


def _collected(
    nodes: Iterable[ast.Import | ast.ImportFrom],
    places: Places,
    used: set[str],
    types: Iterable[tuple[str, str]],
) -> dict[str, _From]:
    """Return what is imported by module; the key of `import x` is the statement itself."""
    found: dict[str, _From] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if (alias.asname or alias.name.partition(".")[0]) in used:
                    found[ast.unparse(ast.Import([alias]))] = _From()
            continue
        for alias in node.names:
            module = _home(node.module or "", alias.name, places)
            if module and (module == "__future__" or (alias.asname or alias.name) in used):
                entry = found.setdefault(module, _From())
                entry.names.add(f"{alias.name} as {alias.asname}" if alias.asname else alias.name)
                entry.is_tall |= node.lineno != node.end_lineno
    for name, module in types:
        if name in used:
            found.setdefault(module, _From()).names.add(name)
    return found


def _home(module: str, name: str, places: Places) -> str | None:
    if name in places.renamed:
        return places.renamed[name]
    return places.package if module == "orchestra" and name in places.offered else module


def _block(found: Mapping[str, _From], places: Places, indent: str) -> str:
    sections: list[list[str]] = [[], [], [], []]
    for module, entry in sorted(found.items(), key=lambda item: (bool(item[1].names), item[0])):
        top = module.removeprefix("import ").split()[0].partition(".")[0]
        sections[_section(top, places)].append(_statement(module, entry, indent))
    return "\n".join("".join(section) for section in sections if section)


def _section(top: str, places: Places) -> int:
    if top == "__future__":
        return 0
    if top in places.first_party:
        return 3
    return 1 if top in sys.stdlib_module_names else 2


def _statement(module: str, entry: _From, indent: str) -> str:
    if not entry.names:
        return f"{indent}{module}\n"
    names = sorted(entry.names, key=_order)
    line = f"{indent}from {module} import {', '.join(names)}"
    if not entry.is_tall and len(line) <= WIDTH:
        return f"{line}\n"
    return "".join(_tall(module, names, indent))


def _tall(module: str, names: Iterable[str], indent: str) -> Iterator[str]:
    yield f"{indent}from {module} import (\n"
    yield from (f"{indent}    {name},\n" for name in names)
    yield f"{indent})\n"


def _order(name: str) -> tuple[int, str]:
    """Sort constants, then classes, then the rest, as isort does."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2), name
