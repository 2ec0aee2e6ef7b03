"""What a class needs: imports, constructions, arguments, queues, other orchestrators."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeGuard

from orchestra_codemods.inventory.candidates import Candidate
from orchestra_codemods.inventory.members import constructor, own_nodes, parameters
from orchestra_codemods.inventory.model import Caller, Dependency, Form
from orchestra_codemods.inventory.values import Key
from orchestra_codemods.inventory.view import Views
from orchestra_codemods.names import (
    BindingKind,
    Definition,
    External,
    Module,
    absolute_name,
    children,
    dotted_name,
    every_node,
)

_QUEUES = ("Queue", "deque", "SimpleQueue", "LifoQueue", "PriorityQueue", "Inbox")
_PLAIN_TYPES = frozenset(dir(builtins)) | {
    "None",
    "Any",
    "Optional",
    "Callable",
    "Path",
    "Sequence",
    "Mapping",
    "Iterable",
}


def dependencies(views: Views, candidate: Candidate) -> tuple[Dependency, ...]:
    """Return what a class takes, imports and builds, in the order of the text."""
    found = [*_module_imports(views, candidate), *_arguments(candidate), *_in_constructor(views, candidate)]
    return tuple(sorted(dict.fromkeys(found), key=lambda each: (each.line, each.name, each.how)))


def set_from_outside(callers: Iterable[Caller]) -> Iterator[Dependency]:
    """Yield the attributes which other code writes after construction."""
    seen: set[str] = set()
    for caller in callers:
        if caller.form is Form.ATTRIBUTE_WRITE and caller.name not in seen:
            seen.add(caller.name)
            yield Dependency(caller.name, "attribute", caller.line, caller.path)


def queues(node: ast.ClassDef) -> tuple[str, ...]:
    """Return the attributes which hold queues, alone or in a collection."""
    found: dict[str, None] = {}
    for each in every_node(node):
        if not isinstance(each, ast.Assign | ast.AnnAssign) or each.value is None:
            continue
        if any(_is_queue(part) for part in every_node(each.value)):
            for target in each.targets if isinstance(each, ast.Assign) else [each.target]:
                if _is_own_attribute(target) and not _is_log(target.attr):
                    found[target.attr] = None
    return tuple(found)


def interactions(
    views: Views, candidate: Candidate, accessors: Mapping[Key, list[Key]], names: Mapping[Key, str]
) -> tuple[str, ...]:
    """Return the names of the other orchestrators which a class refers to."""
    resolver = views.names.resolver
    found: dict[str, None] = {}
    bound = {each.name for each in candidate.view.facts.bindings} - {"self", "cls"}
    waiting: list[tuple[ast.AST, int]] = [(candidate.node, candidate.scope)]
    while waiting:
        node, scope = waiting.pop()
        inner = candidate.view.scope_of(node, scope)
        dotted = dotted_name(node)
        if dotted is not None and dotted.partition(".")[0] in bound:
            meant = resolver.resolve(candidate.view.path, dotted, scope)
            if isinstance(meant, Definition):
                for key in (meant.key, *accessors.get(meant.key, ())):
                    if key in names and key != candidate.key:
                        found[names[key]] = None
        waiting += [(child, inner) for child in reversed(children(node))]
    return tuple(found)


def _module_imports(views: Views, candidate: Candidate) -> Iterator[Dependency]:
    """Yield what the class uses of other modules of the project, imported at the top of its own."""
    view = candidate.view
    place = view.offsets.place(candidate.node)
    used = {
        use.dotted.partition(".")[0] for use in view.facts.uses if place.start <= use.place.start < place.end
    }
    for binding in view.facts.bindings:
        if binding.kind is BindingKind.IMPORT and binding.scope == 0 and binding.name in used:
            module = _module_of(views, view.path, binding.site, binding.item)
            if module is not None:
                yield Dependency(binding.name, "import", binding.place.line, module)


def _module_of(views: Views, path: str, site: int, item: int) -> str | None:
    """Return the module of the project that an import names, without reading it."""
    facts = views.names.facts(path)
    assert facts is not None
    statement = facts.imports[site]
    if not statement.is_from:
        found = views.names.resolver.resolve_module(statement.names[item].name, path)
    else:
        found = views.names.resolver.import_source(path, site)
    return found.module if isinstance(found, Definition) else None


def _arguments(candidate: Candidate) -> Iterator[Dependency]:
    function = constructor(candidate.node)
    for each in parameters(function)[1:] if function else ():
        is_plain = each.annotation is not None and _is_plain(each.annotation)
        is_value = each.default not in (None, "None")
        if not each.kind.startswith("var_") and not is_plain and not is_value and function is not None:
            yield Dependency(each.name, "constructor", function.lineno)


def _is_plain(annotation: str) -> bool:
    words = (
        annotation.replace("|", " ")
        .replace("[", " ")
        .replace("]", " ")
        .replace(",", " ")
        .replace("'", "")
        .split()
    )
    return all(word.rpartition(".")[2] in _PLAIN_TYPES for word in words)


def _in_constructor(views: Views, candidate: Candidate) -> Iterator[Dependency]:
    function = constructor(candidate.node)
    if function is None:
        return
    scope = candidate.view.scope_of(function, candidate.inner)
    facts = candidate.view.facts
    for number, site in enumerate(facts.imports):
        if site.scope == scope:
            for name in site.names:
                yield Dependency(
                    name.bound, "eager-import", site.place.line, _written_module(views, candidate, number)
                )
    for node in own_nodes(function):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and _sets_attribute(node):
            for call in every_node(node.value):
                called = dotted_name(call.func) if isinstance(call, ast.Call) else None
                if called is not None and isinstance(call, ast.Call):
                    yield from _constructed(views, candidate, called, scope, call.lineno)


def _written_module(views: Views, candidate: Candidate, number: int) -> str | None:
    facts = candidate.view.facts
    site = facts.imports[number]
    if site.level == 0:
        return site.module
    module: Module | None = views.names.index.module(candidate.view.path)
    return absolute_name(site.module, site.level, module.package) if module else site.module


def _constructed(
    views: Views, candidate: Candidate, name: str, scope: int, line: int
) -> Iterator[Dependency]:
    root = name.partition(".")[0]
    resolver = views.names.resolver
    bindings = [
        each for each in candidate.view.facts.bindings if each.name == root and each.scope in (0, scope)
    ]
    imported = next((each for each in bindings if each.kind is BindingKind.IMPORT), None)
    if imported is None:
        return
    module = _module_of(views, candidate.view.path, imported.site, imported.item)
    if module is not None:
        yield Dependency(name, "eager-construction", line, module)
        return
    found = resolver.resolve(candidate.view.path, name, scope)
    if isinstance(found, External) and not _is_standard(found.dotted):
        yield Dependency(name, "eager-construction", line, found.dotted.rpartition(".")[0])


def _is_standard(dotted: str) -> bool:
    import sys

    return dotted.partition(".")[0] in sys.stdlib_module_names or dotted.startswith("builtins.")


def _sets_attribute(node: ast.Assign | ast.AnnAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(each, ast.Attribute) and dotted_name(each.value) == "self" for each in targets)


def _is_own_attribute(node: ast.expr) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and dotted_name(node.value) == "self"


def _is_queue(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = (dotted_name(node.func) or "").rpartition(".")[2]
    return name in _QUEUES or name.endswith("Queue")


def _is_log(attribute: str) -> bool:
    """Tell whether a bounded deque only remembers the past."""
    return any(word in attribute for word in ("history", "recent", "dead_letter", "samples", "window", "log"))
