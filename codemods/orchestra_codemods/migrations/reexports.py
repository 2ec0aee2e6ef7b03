"""Packages that export what moved out of them, in a way that works whichever is imported first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orchestra_codemods.change import Edit
from orchestra_codemods.migrations.insertion import place_of_import
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.migrations.style import Order, block_around
from orchestra_codemods.names import ImportSite, names_of
from orchestra_codemods.project import Project

_NEEDED = {"TYPE_CHECKING": "typing", "reexport": "orchestra.moved"}


@dataclass(frozen=True, slots=True)
class Deferred:
    """A `from .old import Name` of an `__init__`, of which the names are taken when they are first used."""

    site: ImportSite
    placement: Placement


def reexport_edits(project: Project, path: str, deferred: Sequence[Deferred]) -> Iterator[Edit]:
    """Yield the edits that replace imports of an `__init__` by re-exports below the imports that stay.

    Where one of these imports takes such a name from the package while it is imported, the re-export stands
    at the place of its import instead.
    """
    source = project.sources[path]
    order = Order(project)
    yield from _imports(project, path)
    below: dict[int, list[Deferred]] = {}
    for one in sorted(deferred, key=lambda each: each.site.place.start):
        block = block_around(source.text, one.site.place.start)
        if block is None or not order.is_free(path, [name.bound for name in one.site.names]):
            text = _text(project, path, [one]).replace("\n", source.newline)
            behind = len(_comment(source.text, one.site.place.end))
            yield Edit(one.site.place.start, one.site.place.end + behind, text)
            continue
        start = source.text.rfind("\n", 0, one.site.place.start) + 1
        end = source.text.find("\n", one.site.place.end) + 1 or len(source.text)
        yield Edit(start, end, "")
        below.setdefault(block.end, []).append(one)
    for at, ones in below.items():
        yield Edit(at, at, f"\n{_text(project, path, ones)}\n".replace("\n", source.newline))


def _imports(project: Project, path: str) -> Iterator[Edit]:
    source = project.sources[path]
    facts = names_of(project).facts(path)
    bound = {each.name for each in facts.bindings if not each.scope} if facts else set()
    for name, module in _NEEDED.items():
        if name not in bound:
            at, _ = place_of_import(source.text, module)
            yield Edit(at, at, f"from {module} import {name}{source.newline}")


def _text(project: Project, path: str, deferred: Sequence[Deferred]) -> str:
    module = names_of(project).index.module(path)
    assert module is not None
    typed, called = [], []
    for one in deferred:
        new = one.placement.new_module
        comment = _comment(project.sources[path].text, one.site.place.end)
        typed += [f"    from {new} import {each.name} as {each.bound}{comment}" for each in one.site.names]
        same = [f'"{each.name}"' for each in one.site.names if each.alias in (None, each.name)]
        renamed = [
            f'{each.alias}="{each.name}"' for each in one.site.names if each.alias not in (None, each.name)
        ]
        parts = ("__name__", f'"{new}"', *same, *renamed, f'was="{module.name}"')
        called += ["    reexport(", *(f"        {part}," for part in parts), "    )"]
    return "\n".join(["if TYPE_CHECKING:", *typed, "else:", *called])


def _comment(text: str, at: int) -> str:
    """Return the comment behind a statement, with the blanks before it."""
    line = text[at:].splitlines()[:1]
    return line[0].rstrip() if line and line[0].strip().startswith("#") else ""
