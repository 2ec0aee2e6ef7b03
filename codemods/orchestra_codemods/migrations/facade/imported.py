"""How a caller gets at the facade: an import where it can neither fail nor come back to the file itself."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from orchestra_codemods.change import FACADE, Edit
from orchestra_codemods.migrations.cycles import loaded_by
from orchestra_codemods.migrations.facade.file import CallerFile
from orchestra_codemods.migrations.facade.receivers import Receiver
from orchestra_codemods.migrations.names_in_use import choose
from orchestra_codemods.names import BindingKind, Definition, External, Guard, ImportSite, Names, names_of
from orchestra_codemods.project import Project


@dataclass(frozen=True, slots=True)
class Obtained:
    """What the function that returns the facade is called, where it is from, and the edits for that."""

    local: str
    module: str
    edits: tuple[Edit, ...]


class FacadeImports:
    """Finds, file by file, where the facade is imported."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._names = names_of(project)
        package = project.config.package
        self._module = package if _offers(self._names, package) else "orchestra"
        home = self._names.index.find(package)
        start = home.path if home is not None and home.path else ""
        self._loaded = loaded_by(self._names, [start]) | {start}
        self._at_top: dict[str, Edit] = {}

    def obtain(self, file: CallerFile, node: ast.Await, receiver: Receiver) -> Obtained | str:
        """Return how a file has the facade where a call stands, or why it cannot have it."""
        if file.path in self._loaded:
            return "import-circle: the package of the facade imports this file"
        if self._has_it(file):
            return Obtained(FACADE, self._module, ())
        chosen = choose(self._module, [FACADE], {each.name for each in file.facts.bindings})
        local, statement = chosen.names[FACADE], chosen.statement()
        edit = self._at_top.get(file.path)
        if edit is None and receiver.imported is not None and _is_plain(file, receiver.imported):
            edit = self._at_top[file.path] = _after(file, receiver.imported, statement)
        edit = edit or _first_in(file, node, statement)
        if edit is None:
            return "unusual-form: there is no line for the import of the facade"
        return Obtained(local, self._module, (edit,))

    def _has_it(self, file: CallerFile) -> bool:
        found = [each for each in file.facts.bindings if each.name == FACADE]
        if len(found) != 1 or found[0].kind is not BindingKind.IMPORT or found[0].scope:
            return False
        site = file.facts.imports[found[0].site]
        return found[0].guard is Guard.NONE and site.module == self._module and not site.level


def _offers(names: Names, package: str) -> bool:
    found = names.resolver.resolve_absolute(f"{package}.{FACADE}")
    return isinstance(found, Definition | External)


def _is_plain(file: CallerFile, site: ImportSite) -> bool:
    """Tell whether an import stands at the top of a file, unconditionally, on lines of its own."""
    text = file.text
    before = text[_line_start(text, site.place.start) : site.place.start]
    behind = text[site.place.end : _line_end(text, site.place.end)].strip()
    return (
        site.scope == 0 and site.guard is Guard.NONE and not before and (not behind or behind.startswith("#"))
    )


def _after(file: CallerFile, site: ImportSite, statement: str) -> Edit:
    at = _line_end(file.text, site.place.end)
    return Edit(at, at, f"{_newline(file)}{statement}")


def _first_in(file: CallerFile, node: ast.Await, statement: str) -> Edit | None:
    """Return the edit that makes the import the first statement of the function around a call."""
    function = file.function_of(node)
    if function is None:
        return None
    body = function.body
    has_text = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    first = body[1] if has_text and len(body) > 1 else body[0]
    decorators = getattr(first, "decorator_list", [])
    line = min([first.lineno, *(each.lineno for each in decorators)])
    start = file.offsets.offset(line, 0)
    indent = file.text[start : file.offsets.place(first).start] if not decorators else " " * first.col_offset
    if indent.strip() or line == function.lineno:
        return None
    return Edit(start, start, f"{indent}{statement}{_newline(file)}")


def _newline(file: CallerFile) -> str:
    return "\r\n" if "\r\n" in file.text else "\r" if "\n" not in file.text and "\r" in file.text else "\n"


def _line_start(text: str, at: int) -> int:
    while at > 0 and text[at - 1] not in "\r\n":
        at -= 1
    return at


def _line_end(text: str, at: int) -> int:
    while at < len(text) and text[at] not in "\r\n":
        at += 1
    return at
