"""What in a module depends on the place where its file is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.change import Edit
from orchestra_codemods.deprecations.strict_tests import why_tests_are_strict
from orchestra_codemods.migrations.found_by_text import why_found_by_text
from orchestra_codemods.migrations.looked_through import looks_through
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.migrations.stand_ins import why_stood_in
from orchestra_codemods.names import (
    Definition,
    Guard,
    Importers,
    Names,
    Offsets,
    absolute_name,
    dotted_name,
    names_of,
    parse,
    python_files_with,
)
from orchestra_codemods.project import Project

_LOGGERS = {"getLogger", "get_logger"}
_FINDERS = {"getfile", "getsourcefile", "getabsfile", "getmodule"}
_PLACE_NAMES = {"__file__", "__path__", "__package__", "__spec__", "__loader__", "__cached__"}


def reasons_to_stay(project: Project, placement: Placement, importers: Importers) -> Iterator[str]:
    """Yield why a module cannot be moved without changing what it does."""
    names = names_of(project)
    path = placement.path
    strict = why_tests_are_strict(project)
    if strict is not None:
        yield strict
    if path.endswith("__init__.py"):
        yield "it is the __init__ of a package"
    if names.index.stub_of(path):
        yield "a .pyi file stands beside it"
    if placement.new_path in project.sources or names.index.find(placement.new_module) is not None:
        yield f"{placement.new_path} exists"
    text = project.sources[path].text
    yield from names_its_place(text)
    yield from _of_its_imports(names, placement)
    yield from why_pickles_differ(project, placement.module)
    yield from why_stood_in(project, placement.module)
    yield from why_found_by_text(project, path, placement.module)
    for look in looks_through(project, path, placement.module, importers):
        yield f"line {look.line} of {look.path} looks through the names of modules that it is given"
    yield from _of_chains(placement, importers)
    others = [site for site in importers.sites if site.module != placement.module]
    if others and any(site.level for site in (names.facts(path) or _NO_FACTS).imports):
        yield f"it has relative imports and is also imported as {others[0].module}"


def reasons_of_strangers(project: Project, placement: Placement, importers: Importers) -> Iterator[str]:
    """Yield that a file takes something from the module that has nothing to do with its orchestrators.

    Also that most files take nothing but other names, even where an orchestrator is made of those: the module
    is theirs then, as one of messages is with a factory of messages below them.
    """
    own = {target.class_name for target in placement.targets}
    own |= {accessor.name for target in placement.targets for accessor in target.accessors}
    uses = _uses_by_name(parse(project.sources[placement.path].text))
    family = own & uses.keys()
    while grown := {
        name
        for name, used in uses.items()
        if name not in family and (used & family or any(name in uses[each] for each in family))
    }:
        family |= grown
    for site in importers.sites:
        if site.name in uses.keys() - family:
            line = site.imported.place.line
            yield f"line {line} of {site.path} takes {site.name}, which serves no orchestrator"
            return
    takers = {site.path for site in importers.sites if site.name is None or site.name in {*own, "*"}}
    others = {site.path for site in importers.sites} - takers
    if len(others) > max(len(takers), 1):
        yield f"{len(others)} files take other names from it, and {len(takers)} an orchestrator"


def _uses_by_name(tree: ast.Module) -> dict[str, set[str]]:
    """Return what each name that a module defines is made of."""
    found: dict[str, set[str]] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [each.id for each in targets if isinstance(each, ast.Name)]
        else:
            continue
        used = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        for name in names:
            found.setdefault(name, set()).update(used - {name})
    return found


def edits_for_new_place(project: Project, placement: Placement) -> Iterator[Edit]:
    """Yield the edits that keep loggers and tests for `__main__` what they were."""
    text = project.sources[placement.path].text
    offsets = Offsets(text)
    for call in _logger_calls(parse(text)):
        place = offsets.place(call.args[0])
        yield Edit(place.start, place.end, f'"{placement.module}"')


def why_pickles_differ(project: Project, module: str) -> Iterator[str]:
    """Yield that code looks for a module's name in pickles, where another name would stand."""
    word = re.escape(module.encode())
    written = re.compile(rb"""b(?:"%b"|'%b')""" % (word, word))
    paths = python_files_with(project, [module])
    if any(project.sources.has(path, written) for path in paths):
        yield f"a bytes literal compares with {module}, which pickles of its classes hold"


def _of_chains(placement: Placement, importers: Importers) -> Iterator[str]:
    """Yield that a file reads the module off its package, which has it only because others import it."""
    imported = {site.path for site in importers.sites if site.name is None and not site.site.is_from}
    for chain in importers.chains:
        if chain.length > 1 and chain.path not in imported and not chain.use.is_text:
            line = chain.use.place.line
            yield f"line {line} of {chain.path} reads {placement.module} off its package without importing it"
            return


def names_its_place(text: str) -> Iterator[str]:
    """Yield what code says about the file that it stands in, other than to name a logger."""
    tree = parse(text)
    allowed = {id(call.args[0]) for call in _logger_calls(tree)} | set(_harmless(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "__module__":
            yield f"it uses __module__ in line {node.lineno}"
        elif isinstance(node, ast.Attribute) and node.attr == "__file__" and not dotted_name(node):
            yield f"it uses __file__ of a module that it looks up in line {node.lineno}"
        elif isinstance(node, ast.Call) and (dotted_name(node.func) or "").rpartition(".")[2] in _FINDERS:
            yield f"it looks for a file by {ast.unparse(node.func)} in line {node.lineno}"
        if not isinstance(node, ast.Name):
            continue
        if node.id in _PLACE_NAMES:
            yield f"it uses {node.id} in line {node.lineno}"
        elif node.id == "__name__" and id(node) not in allowed:
            yield f"it uses __name__ in line {node.lineno} for more than a logger"


def _logger_calls(tree: ast.Module) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (dotted_name(node.func) or "").rpartition(".")[2] in _LOGGERS
        and len(node.args) == 1
        and isinstance(node.args[0], ast.Name)
        and node.args[0].id == "__name__"
    ]


def _harmless(tree: ast.Module) -> Iterator[int]:
    """Yield the uses of `__name__` that mean the same at another place."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and len(node.comparators) == 1:
            sides = (node.left, node.comparators[0])
            if any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides):
                yield from (id(side) for side in sides)
        elif isinstance(node, ast.Subscript) and dotted_name(node.value) == "sys.modules":
            yield id(node.slice)


def _of_its_imports(names: Names, placement: Placement) -> Iterator[str]:
    facts = names.facts(placement.path)
    module = names.index.module(placement.path)
    assert facts is not None
    assert module is not None
    for number, site in enumerate(facts.imports):
        if site.level and absolute_name(site.module, site.level, module.package) is None:
            yield f"the relative import in line {site.place.line} leads out of its package"
        found = [
            names.resolver.resolve_import(placement.path, number, item) for item in range(len(site.names))
        ]
        if any(isinstance(one, Definition) and one.path == placement.path for one in found):
            yield f"it imports itself in line {site.place.line}"
        if not site.level and site.guard is not Guard.TYPE_CHECKING:
            dotted = site.module or site.names[0].name
            if names.index.find(dotted, placement.path) and not names.index.find(dotted):
                yield f"line {site.place.line} imports {dotted}, which is found beside it only"


class _NoFacts:
    imports = ()


_NO_FACTS = _NoFacts()
