"""What it takes to build a module's instance when it is first asked for, and not when it is imported.

The name becomes a function that builds once; the module and whoever takes the name from it call that. Where
one of its uses cannot be seen, or would build at import all the same, there is no answer.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from orchestra_codemods.change import Edit
from orchestra_codemods.names import (
    Guard,
    Importers,
    ImporterSite,
    StringUse,
    Use,
    files_with,
    importers_of,
    names_of,
)
from orchestra_codemods.project import Project
from orchestra_codemods.source import PYTHON_SUFFIXES
from orchestra_codemods.syntax.file import FUNCTIONS, File
from orchestra_codemods.syntax.nodes import everything

_DEFERRED = {"function", "lambda"}


class _UnclearError(Exception):
    """A use that cannot be followed, or that builds at import."""


class _Instance(NamedTuple):
    """`name = Class()` at the top of a module, and the function that is to build it."""

    statement: ast.Assign | ast.AnnAssign
    name: str
    cls: str
    accessor: str


def built_late(project: Project, path: str, offset: int) -> Mapping[str, tuple[Edit, ...]] | None:
    """Return the edits by file that build an instance on first use, or None where not all is certain.

    ``offset`` is where the call stands that builds it now, in the file at ``path``.
    """
    try:
        file = File(project.sources[path], project.config)
        instance = _instance(project, file, offset)
        elsewhere = _elsewhere(project, path, instance)
        for other in elsewhere:
            if re.search(rf"\b{instance.accessor}\b", project.sources.text(other)):
                return None
        return {path: _here(file, instance), **elsewhere}
    except _UnclearError:
        return None


def _instance(project: Project, file: File, offset: int) -> _Instance:
    found = [one for one in file.tree.body if isinstance(one, ast.Assign | ast.AnnAssign)]
    one = next((one for one in found if one.value is not None and file.start(one.value) == offset), None)
    call = one.value if one is not None else None
    if one is None or not isinstance(call, ast.Call):
        raise _UnclearError
    target = one.targets[0] if isinstance(one, ast.Assign) else one.target
    is_plain = isinstance(target, ast.Name) and (isinstance(one, ast.AnnAssign) or len(one.targets) == 1)
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    is_constant = all(isinstance(each, ast.Constant) for each in given)
    if (
        _is_described(file, one)
        or not is_plain
        or not is_constant
        or not file.is_alone(one)
        or file.line_start(one) != file.start(one)
    ):
        raise _UnclearError
    assert isinstance(target, ast.Name)
    facts = names_of(project).facts(file.path)
    if facts is None or sum(binding.name == target.id for binding in facts.bindings) != 1:
        raise _UnclearError
    return _Instance(one, target.id, file.text_of(call.func), _accessor(file, target.id))


def _is_described(file: File, statement: ast.stmt) -> bool:
    """Tell whether a string below a statement says what it is for: it would stand below a function."""
    below = file.tree.body[file.tree.body.index(statement) + 1 :][:1]
    return any(isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant) for one in below)


def _accessor(file: File, name: str) -> str:
    plain = name.strip("_").lower()
    for candidate in (f"get_{plain}", f"the_{plain}"):
        if plain and re.search(rf"\b{candidate}\b", file.text) is None:
            return candidate
    raise _UnclearError


# in its own module


def _here(file: File, instance: _Instance) -> tuple[Edit, ...]:
    cache, imported = _cache(file)
    edits = [file.replace(instance.statement, _function(file, instance, cache)), *imported]
    if not instance.name.startswith("_"):
        edits.append(_still_there(file, instance))
    for node in everything(file.tree):
        if isinstance(node, ast.Global | ast.Nonlocal) and instance.name in node.names:
            raise _UnclearError
        if isinstance(node, ast.Name) and node.id == instance.name and not _is_target(node, instance):
            if not isinstance(node.ctx, ast.Load) or not _is_deferred(file, node):
                raise _UnclearError
            edits.append(file.replace(node, f"{instance.accessor}()"))
    return tuple(edits)


def _is_target(node: ast.Name, instance: _Instance) -> bool:
    statement = instance.statement
    return node is (statement.targets[0] if isinstance(statement, ast.Assign) else statement.target)


def _is_deferred(file: File, node: ast.AST) -> bool:
    """Tell whether a function runs before the node is looked at; its defaults and decorators are not it."""
    below = node
    for above in file.ancestors(node):
        if isinstance(above, ast.JoinedStr):
            return False  # before Python 3.12 nobody knows where it stands
        if isinstance(above, (*FUNCTIONS, ast.Lambda)):
            body = above.body if isinstance(above.body, list) else [above.body]
            if below in body:
                return True
        below = above
    return False


def _function(file: File, instance: _Instance, cache: str) -> str:
    statement = instance.statement
    assert statement.value is not None
    lines = [
        f"@{cache}",
        f"def {instance.accessor}() -> {instance.cls}:",
        f'    """Return the one `{instance.cls}`, built when it is first asked for."""',
        f"    return {file.text_of(statement.value)}",
    ]
    if not instance.name.startswith("_"):
        kind = file.text_of(statement.annotation) if isinstance(statement, ast.AnnAssign) else instance.cls
        lines[:0] = [f"{instance.name}: {kind}", "", ""]
    return file.source.newline.join(lines)


def _still_there(file: File, instance: _Instance) -> Edit:
    """Return the edit after which the name can still be taken from the module, by whoever is not seen."""
    newline = file.source.newline
    asked = f'    if name == "{instance.name}":{newline}        return {instance.accessor}(){newline}'
    for node in file.tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "__getattr__":
            last = node.body[-1]
            if [one.arg for one in node.args.args] != ["name"] or not isinstance(last, ast.Raise):
                raise _UnclearError
            return file.insert(file.line_start(last), asked)
    head = f"def __getattr__(name: str) -> object:{newline}"
    why = f'    """Build what is taken from the module by name when it is (PEP 562)."""{newline}'
    fails = 'raise AttributeError(f"module {__name__!r} has no attribute {name!r}")'
    lead = newline * (2 if file.text.endswith(("\n", "\r")) else 3)
    return file.insert(len(file.text), f"{lead}{head}{why}{asked}    {fails}{newline}")


def _cache(file: File) -> tuple[str, list[Edit]]:
    """Return how `functools.cache` is called in the file, with the import that it needs."""
    for name, origin in file.origins.names.items():
        if origin in ("functools", "functools.cache"):
            return (name if origin == "functools.cache" else f"{name}.cache"), []
    imports = (one for one in file.tree.body if isinstance(one, ast.Import | ast.ImportFrom))
    first = next((one for one in imports if getattr(one, "module", "") != "__future__"), None)
    if first is None or file.line_start(first) != file.start(first) or re.search(r"\bcache\b", file.text):
        raise _UnclearError
    return "cache", [file.insert(file.start(first), f"from functools import cache{file.source.newline}")]


# in other files


def _elsewhere(project: Project, path: str, instance: _Instance) -> dict[str, tuple[Edit, ...]]:
    importers = importers_of(project, path)
    _all_is_seen(project, path, instance, importers)
    found: dict[str, list[Edit]] = {}
    for site in importers.sites:
        if site.name == "*":
            raise _UnclearError
        if instance.name in (site.name, site.resolution.name):
            found.setdefault(site.path, []).extend(_imported(project, site, instance))
    for chain in importers.chains:
        parts = chain.use.dotted.split(".")
        if len(parts) == chain.length:
            raise _UnclearError  # the module itself is handed on
        if parts[chain.length] == instance.name:
            start, end = _part(project, chain.path, chain.use, chain.length)
            found.setdefault(chain.path, []).append(Edit(start, end, f"{instance.accessor}()"))
    return {other: tuple(dict.fromkeys(edits)) for other, edits in sorted(found.items())}


def _all_is_seen(project: Project, path: str, instance: _Instance, importers: Importers) -> None:
    """Raise _UnclearError where a string, a stub, or a file that cannot be read may name the instance."""
    if any(_names(string, instance.name) for string in (*importers.strings, *importers.indirect)):
        raise _UnclearError
    if f"{path}i" in project.sources:
        raise _UnclearError
    names = names_of(project)
    for other in files_with(project, [instance.name]):
        if other.endswith(PYTHON_SUFFIXES) and names.facts(other) is None:
            raise _UnclearError


def _names(string: StringUse, name: str) -> bool:
    return re.split(r"[.:]", string.name)[0] == name


def _imported(project: Project, site: ImporterSite, instance: _Instance) -> Iterator[Edit]:
    facts = names_of(project).facts(site.path)
    bound = site.imported.bound
    is_exported = facts is not None and bound in (facts.exports or ())
    if not site.is_direct or site.site.guard is not Guard.NONE or is_exported or not site.uses:
        raise _UnclearError
    last = site.imported.alias_place or site.imported.place
    yield Edit(site.imported.place.start, last.end, instance.accessor)
    for use in site.uses:
        start, end = _part(project, site.path, use, 0)
        yield Edit(start, end, f"{instance.accessor}()")


def _part(project: Project, path: str, use: Use, number: int) -> tuple[int, int]:
    """Return where one part of a chain stands that a function reads."""
    facts = names_of(project).facts(path)
    assert facts is not None
    if use.is_store or use.is_text or len(use.parts) <= number:
        raise _UnclearError
    scope = facts.scopes[use.scope]
    while scope.kind == "comprehension":
        scope = facts.scopes[scope.parent]
    if scope.kind not in _DEFERRED:
        raise _UnclearError
    start = use.place.start
    if number:
        text = project.sources[path].text
        start = use.parts[number - 1]
        if text[start : start + 1] != ".":
            raise _UnclearError
        start += 1
    return start, use.parts[number]
