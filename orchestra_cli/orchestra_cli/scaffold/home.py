"""Where a project keeps its orchestrators and its tests, and what its own modules offer."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from orchestra_cli.errors import NoPackageError
from orchestra_cli.registered.classes import member_values
from orchestra_cli.registered.modules import Modules
from orchestra_codemods.config import Config


@dataclass(frozen=True)
class Home:
    """The orchestrator package of a project. Paths are relative to the root."""

    root: Path
    config: Config
    modules: Modules
    folder: str

    @cached_property
    def offered(self) -> frozenset[str]:
        """The names that the package itself offers to import."""
        return frozenset(_bound(self.modules.tree(f"{self.folder}/__init__.py")))

    @cached_property
    def types(self) -> dict[str, str]:
        """The project's orchestration types: member to value; empty where they cannot be read."""
        path = self.modules.path_of(f"{self.config.package}.protocols")
        return member_values(self.modules.tree(path), "OrchestrationType") if path else {}

    @cached_property
    def first_party(self) -> frozenset[str]:
        """The top-level names of the project's own packages and modules."""
        found = {self.config.package.partition(".")[0]}
        for source_root in self.modules.source_roots:
            for entry in _entries(self.root / source_root):
                if entry.suffix == ".py" or (entry.is_dir() and (entry / "__init__.py").is_file()):
                    found.add(entry.stem)
        return frozenset(found)

    @cached_property
    def tests(self) -> str:
        """The folder of the project's tests: what pytest is told, else the one that there is."""
        told = next(_pytest_option(self.root, "testpaths"), None)
        if told is not None:
            return told.rstrip("/")
        return next((name for name in ("tests", "test") if (self.root / name).is_dir()), "tests")

    @cached_property
    def hidden_root(self) -> str | None:
        """The folder that holds the package where nothing says that tests can import from it.

        The root itself is on the path of `python -m pytest`, and what is built is most likely installed.
        """
        depth = self.config.package.count(".") + 1
        folder = "/".join(self.folder.split("/")[:-depth])
        known = {one.strip("/") for one in _pytest_option(self.root, "pythonpath")}
        if not folder or folder in known or "build-system" in _toml(self.root / "pyproject.toml"):
            return None
        return folder

    def names_in(self, path: str) -> frozenset[str]:
        """Return the names that a module binds at its top level, and those that a table exports."""
        return frozenset(_bound(self.modules.tree(path)))


def find_home(root: Path, config: Config) -> Home:
    """Return the project's package. Raises NoPackageError."""
    roots = config.source_roots or (("src", ".") if (root / "src").is_dir() else (".",))
    modules = Modules(root, roots if "." in roots else (*roots, "."))
    init = modules.path_of(config.package)
    if init is None or not init.endswith("/__init__.py"):
        raise NoPackageError(
            f"the package `{config.package}` for orchestrators is not there",
            hint="`orchestra init` writes it.",
            package=config.package,
        )
    return Home(root, config, modules, init.removesuffix("/__init__.py"))


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _bound(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        match node:
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from ((alias.asname or alias.name).partition(".")[0] for alias in names)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Assign(
                targets=[ast.Name(id="__all__")], value=ast.List(elts=items) | ast.Tuple(elts=items)
            ):
                yield from (str(item.value) for item in items if isinstance(item, ast.Constant))
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name


def _pytest_option(root: Path, option: str) -> Iterator[str]:
    """Yield the paths that pytest's settings give to an option, in the order in which it looks for them."""
    for name, section in (("pytest.ini", "pytest"), ("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")):
        if (root / name).is_file():
            import configparser

            parser = configparser.ConfigParser(interpolation=None)
            try:
                parser.read(root / name, encoding="utf-8")
            except (configparser.Error, UnicodeDecodeError):
                continue
            yield from parser.get(section, option, fallback="").split()
    try:
        paths = _toml(root / "pyproject.toml")["tool"]["pytest"]["ini_options"][option]
    except (KeyError, TypeError):
        return
    yield from [str(one) for one in paths] if isinstance(paths, list) else str(paths).split()


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
