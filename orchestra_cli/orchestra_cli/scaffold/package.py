"""The files of the orchestrator package: what is missing is created, what exists is adopted as it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from orchestra_codemods.change import Change, Refusal, Span
from orchestra_codemods.source import Source
from orchestra_templates.rendering import render_project, render_result_module

UNIT = "init"

NEEDED: Mapping[str, tuple[str, ...]] = {
    "__init__.py": (
        "BaseOrchestrator",
        "OrchestrationContext",
        "OrchestrationLayer",
        "OrchestrationType",
        "get_orchestration_facade",
    ),
    "protocols.py": ("BaseOrchestrator", "OrchestrationContext", "OrchestrationLayer", "OrchestrationType"),
    "facade.py": ("build_facade", "get_orchestration_facade"),
    "orchestrators.py": ("register_orchestrators",),
}
"""What the guide's code and the migrations import from the files of a package that somebody wrote by hand."""


def plan_package(
    root: Path, source_root: str, package: str, step_result: str | None
) -> Iterator[Change | Refusal]:
    """Yield a creation for each file that is missing, and a refusal for each that lacks a needed name."""
    folder = "/".join(part for part in (source_root, *package.split(".")) if part != ".")
    yield from _parents(root, source_root, package)
    for path, text in render_project(step_result).items():
        yield from _adopted_or_created(root, f"{folder}/{path}", text, NEEDED.get(path, ()))


def plan_result_module(root: Path, source_root: str, module: str) -> Iterator[Change | Refusal]:
    """Yield what makes ``module`` hold a StepResult."""
    base = "/".join(part for part in (source_root, *module.split(".")) if part != ".")
    yield from _parents(root, source_root, module)
    path = f"{base}/__init__.py" if (root / base / "__init__.py").is_file() else f"{base}.py"
    yield from _adopted_or_created(root, path, render_result_module(), ("StepResult",))


def _adopted_or_created(
    root: Path, path: str, text: str, needed: tuple[str, ...]
) -> Iterator[Change | Refusal]:
    existing = root / path
    if not existing.exists():
        yield _created(path, text, "part of the orchestrator package")
        return
    missing = [name for name in needed if name not in _names_of(existing)]
    if missing:
        yield Refusal(
            UNIT,
            path,
            Span(1),
            f"the file exists and does not define {', '.join(missing)}",
            f"It was left as it is. Import or define {', '.join(missing)} in it.",
        )


def _parents(root: Path, source_root: str, module: str) -> Iterator[Change]:
    """Yield the packages above the module that do not exist; a folder that does is left as it is."""
    parts = [part for part in (source_root,) if part != "."]
    for part in module.split(".")[:-1]:
        parts.append(part)
        folder = "/".join(parts)
        if not (root / folder).exists():
            yield _created(f"{folder}/__init__.py", f'"""The package {part}."""\n', "a package above it")


def _created(path: str, text: str, because: str) -> Change:
    return Change(None, Source.new(path, text), because, units=(UNIT,))


def _names_of(file: Path) -> set[str]:
    """Return the names that a module binds at its top level, as far as its text tells."""
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError, OSError):
        return set()
    return {name for node in ast.walk(tree) for name in _bound(node)}


def _bound(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in names)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List(elts=items) | ast.Tuple(elts=items)):
            yield from (str(item.value) for item in items if isinstance(item, ast.Constant))
