"""The places inside an import statement that `ast` does not give."""

from __future__ import annotations

import ast
import re

from orchestra_codemods.names.facts import Guard, ImportedName, ImportSite
from orchestra_codemods.names.positions import Offsets, Place

_SPACE = r"(?:[ \t\f]|\\(?:\r\n|\r|\n))"
_FROM = re.compile(rf"from{_SPACE}*((?:\.{_SPACE}*)*(?:[^\W\d]\w*(?:{_SPACE}*\.{_SPACE}*[^\W\d]\w*)*)?)")
_AS = re.compile(r"[\s\\]*(?:#[^\r\n]*[\s\\]*)*(?<!\w)as\b[\s\\]*(?:#[^\r\n]*[\s\\]*)*")


def import_site(node: ast.Import | ast.ImportFrom, scope: int, guard: Guard, offsets: Offsets) -> ImportSite:
    """Return an import statement with the place of its module and of each of its names."""
    names = tuple(_imported_name(alias, offsets) for alias in node.names)
    place = offsets.place(node)
    if isinstance(node, ast.Import):
        return ImportSite(place, names, scope, guard)
    module_place = _module_place(place.start, node.module is None, offsets)
    return ImportSite(place, names, scope, guard, node.module, node.level, module_place)


def _module_place(start: int, is_bare: bool, offsets: Offsets) -> Place:
    match = _FROM.match(offsets.text, start)
    if match is None:  # the parser read a `from` here, so only an exotic space can lead to this
        return offsets.between(start, start)
    dots = match.group(1)
    if is_bare:  # `from . import x`: the word that follows the dots is `import` itself
        dots = dots[: dots.rfind(".") + 1]
    written = dots.rstrip(" \t\f\\\r\n")
    return offsets.between(match.start(1), match.start(1) + len(written))


def _imported_name(alias: ast.alias, offsets: Offsets) -> ImportedName:
    whole = offsets.place(alias)
    if alias.asname is None:
        return ImportedName(alias.name, None, whole, None)
    alias_start = whole.end - len(alias.asname)
    head = offsets.text[whole.start : alias_start]
    match = next((found for found in _AS.finditer(head) if found.end() == len(head)), None)
    name_end = whole.start + (match.start() if match else len(alias.name))
    name = Place(whole.start, name_end, whole.line, whole.column)
    return ImportedName(alias.name, alias.asname, name, offsets.between(alias_start, whole.end))
