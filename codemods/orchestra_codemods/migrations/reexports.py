"""Packages that export what moved out of them, in a way that works whichever is imported first."""

from __future__ import annotations

from orchestra_codemods.change import Edit
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.names import ImportSite, Names
from orchestra_codemods.project import Project

_NEEDED = "from typing import TYPE_CHECKING\n\nfrom orchestra.moved import reexport\n\n"


def reexport_edit(project: Project, names: Names, path: str, site: ImportSite, placement: Placement) -> Edit:
    """Return the edit that replaces `from .old import Name` in an `__init__` by a deferrable re-export."""
    source = project.sources[path]
    module = names.index.module(path)
    facts = names.facts(path)
    assert module is not None
    assert facts is not None
    new = placement.new_module
    same = [f'"{one.name}"' for one in site.names if one.alias in (None, one.name)]
    renamed = [f'{one.alias}="{one.name}"' for one in site.names if one.alias not in (None, one.name)]
    typed = "".join(f"        {one.name} as {one.bound},\n" for one in site.names)
    lines = f"if TYPE_CHECKING:\n    from {new} import (\n{typed}    )\nelse:\n    reexport(\n"
    lines += "".join(
        f"        {part},\n" for part in ("__name__", f'"{new}"', *same, *renamed, f'was="{module.name}"')
    )
    lines += "    )"
    first = min((each.place.start for each in facts.imports if _is_needed(each)), default=None)
    has_both = first is not None and first < site.place.start
    text = lines if has_both else f"{_NEEDED}{lines}"
    return Edit(site.place.start, site.place.end, text.replace("\n", source.newline))


def _is_needed(site: ImportSite) -> bool:
    return site.module == "orchestra.moved"
