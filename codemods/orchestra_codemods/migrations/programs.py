"""Files that run from a folder of their own, where the project's packages are not found."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from posixpath import basename, dirname

from orchestra_codemods.migrations.obstacles import Obstacle
from orchestra_codemods.names import Definition, Guard, Names, names_of, parse, python_files_with
from orchestra_codemods.project import Project

_ONE_PROGRAM = "Where the two run as one program, import something of it by its full name in this file."
_REMEDY = (
    "Import something of the project in it by its full name, which shows that it can, and migrate again."
)


def obstacles_of_programs(project: Project, path: str) -> Iterator[Obstacle]:
    """Yield why a module may be loaded where the package of orchestrators cannot be imported.

    `python folder/program.py` has its own folder on the import path and not the source roots. A module that
    imports another module of the project by its full name needs these in any case.
    """
    names = names_of(project)
    home = names.index.find(project.config.package)
    top = names.index.find(project.config.package.partition(".")[0])
    root = dirname(dirname(top.path)) if top and top.path else None
    if home is None or root is None or dirname(path) == root or _imports_from(names, path, root):
        return
    package = project.config.package
    other = _root_of(project, path)
    if other not in (None, root) and not _is_joined(project, str(other), root):
        why = f"nothing in {other} imports anything of {root or 'the root'}, where {package} is"
        yield Obstacle(1, why, _ONE_PROGRAM)
    if f"{dirname(path)}/__init__.py" not in project.sources and _is_program(project.sources[path].text):
        why = f"it runs as a program from {dirname(path) or 'the root'}, where {package} is not found"
        yield Obstacle(1, why, _REMEDY)
    for other in _neighbours(project, path):
        why = f"{other} imports it from its own folder, where {package} is not found"
        yield Obstacle(1, why, f"Import it by its full name in {other}, and migrate again.")
        return


def _neighbours(project: Project, path: str) -> Iterator[str]:
    """Yield the files of the same folder that import a module by its bare name, as programs in it can."""
    names = names_of(project)
    stem = basename(path).removesuffix(".py")
    if names.index.find(stem) is not None:
        return
    for other in python_files_with(project, [stem]):
        facts = names.facts(other) if dirname(other) == dirname(path) and other != path else None
        for site in facts.imports if facts else ():
            written = {site.module} if site.is_from else {one.name for one in site.names}
            if not site.level and stem in written:
                yield other


def _is_program(text: str) -> bool:
    if text.startswith("#!"):
        return True
    return any(
        isinstance(node, ast.If)
        and any(isinstance(each, ast.Constant) and each.value == "__main__" for each in ast.walk(node.test))
        for node in parse(text).body
    )


def _root_of(project: Project, path: str) -> str | None:
    """Return the longest of the configured source roots that a file is in."""
    roots = [root.strip("/") for root in project.config.source_roots if root not in (".", "")]
    return max((root for root in roots if path.startswith(f"{root}/")), key=len, default=None)


def _is_joined(project: Project, one: str, other: str) -> bool:
    names = names_of(project)
    paths = (path for path in project.sources.python_paths() if path.startswith(f"{one}/"))
    return any(_imports_from(names, path, other) for path in paths)


def _imports_from(names: Names, path: str, root: str) -> bool:
    """Tell whether a file imports, by its full name and always, something that is below a folder."""
    facts = names.facts(path)
    for number, site in enumerate(facts.imports if facts else ()):
        if site.level or not _runs(names, path, site.scope, site.guard):
            continue
        for item in range(len(site.names)):
            found = names.resolver.resolve_import(path, number, item)
            written = site.module or site.names[item].name
            if (
                isinstance(found, Definition)
                and names.index.find(written) is not None
                and (found.path.startswith(f"{root}/") or not root)
            ):
                return True
    return False


def _runs(names: Names, path: str, scope: int, guard: Guard) -> bool:
    facts = names.facts(path)
    assert facts is not None
    return facts.scopes[scope].kind != "function" and guard is Guard.NONE
