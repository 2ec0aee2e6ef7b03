"""Which file a module name means, and under which names a file can be imported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from posixpath import basename, dirname

_SUFFIXES = (".py", ".pyi")


@dataclass(frozen=True, slots=True)
class Module:
    """A module under one name. ``path`` is None for a namespace package, which has no file."""

    name: str
    path: str | None
    is_package: bool

    @property
    def package(self) -> str:
        """The package that relative imports in this module start from."""
        return self.name if self.is_package else self.name.rpartition(".")[0]


class ModuleIndex:
    """Module names by path and paths by module name, over all source roots.

    A file may have several names: with the roots `src` and the project's root, `src/pkg/x.py` is both
    `pkg.x` and `src.pkg.x`. Where one name could mean several files the interpreter's order decides:
    earlier roots first, in each root a package before a module of the same name before a folder without
    `__init__.py`. A stub (`.pyi`) stands for a module only where there is no source.
    """

    def __init__(self, paths: Iterable[str], source_roots: Sequence[str]) -> None:
        self.roots = tuple(_prefix(root) for root in source_roots)
        self._python = {path for path in paths if path.endswith(_SUFFIXES)}
        self._by_name: dict[str, Module] = {}
        self._by_path: dict[str, list[Module]] = {}
        self._shadowed: dict[str, str] = {}
        for root in self.roots:
            self._add_root(root)
        self._add_namespaces()

    def find(self, name: str, importer: str | None = None) -> Module | None:
        """Return the module of that name, or None.

        ``importer`` is the path of the importing file: what no source root has is then looked for beside
        it, because a script's own folder is on its import path (and pytest's, without `__init__.py`).
        """
        found = self._by_name.get(name)
        if found is not None or importer is None or not name:
            return found
        return self._beside(name, importer)

    def modules(self, path: str) -> tuple[Module, ...]:
        """Return the file's module under each of its names, the one for the first source root first."""
        return tuple(self._by_path.get(path, ()))

    def module(self, path: str) -> Module | None:
        """Return the file's module under the name by which code would usually import it."""
        return next(iter(self._by_path.get(path, ())), None)

    def shadowed_by(self, path: str) -> str | None:
        """Return the path that is imported under every name of this file instead of it."""
        return None if path in self._by_path else self._shadowed.get(path)

    def has_top(self, name: str) -> bool:
        """Tell whether the first part of a dotted name is a module or package of the project."""
        return name.partition(".")[0] in self._by_name

    def stub_of(self, path: str) -> str | None:
        """Return the path of the `.pyi` beside a source file."""
        return f"{path}i" if path.endswith(".py") and f"{path}i" in self._python else None

    def __iter__(self) -> Iterator[Module]:
        return iter(self._by_name.values())

    def _add_root(self, root: str) -> None:
        inside = (path for path in self._python if path.startswith(root))
        named = ((path, *_module_name(path[len(root) :])) for path in inside)
        for path, name, is_package in sorted(named, key=lambda item: _precedence(item[0], item[1])):
            if not name:
                continue
            holder = self._by_name.get(name)
            if holder is None and self._parent_leads_to(name, path, is_package):
                self._by_name[name] = module = Module(name, path, is_package)
                self._by_path.setdefault(path, []).append(module)
            elif holder is not None and holder.path and path.endswith(".py"):
                self._shadowed.setdefault(path, holder.path)

    def _parent_leads_to(self, name: str, path: str, is_package: bool) -> bool:
        parent = self._by_name.get(name.rpartition(".")[0])
        if parent is None or parent.path is None:
            return True
        folder = dirname(dirname(path)) if is_package else dirname(path)
        return parent.is_package and dirname(parent.path) == folder

    def _add_namespaces(self) -> None:
        for name in list(self._by_name):
            parent = name.rpartition(".")[0]
            while parent and parent not in self._by_name:
                self._by_name[parent] = Module(parent, None, is_package=True)
                parent = parent.rpartition(".")[0]

    def _beside(self, name: str, importer: str) -> Module | None:
        folder = dirname(importer)
        stem = f"{folder}/{name.replace('.', '/')}" if folder else name.replace(".", "/")
        if f"{folder}/__init__.py" in self._python:
            return None
        for path, is_package in ((f"{stem}/__init__.py", True), (f"{stem}.py", False)):
            if path in self._python:
                return Module(name, path, is_package)
        return None


def default_source_roots(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the source roots of a project that names none: `src` where it has Python, and the root."""
    has_src = any(path.startswith("src/") and path.endswith(_SUFFIXES) for path in paths)
    return ("src", "") if has_src else ("",)


def absolute_name(module: str | None, level: int, package: str) -> str | None:
    """Return the absolute name of ``from {'.' * level}{module} import …`` in a package.

    None where the dots lead out of the top-level package: such an import fails.
    """
    if level == 0:
        return module
    parts = package.split(".") if package else []
    if level > len(parts):
        return None
    return ".".join([*parts[: len(parts) - level + 1], *([module] if module else [])])


def _prefix(root: str) -> str:
    root = root.strip("/")
    return "" if root in ("", ".") else f"{root.removeprefix('./')}/"


def _precedence(path: str, name: str) -> tuple[int, bool, bool, str]:
    is_init = basename(path).startswith("__init__.")
    return name.count("."), path.endswith(".pyi"), not is_init, path


def _module_name(path: str) -> tuple[str, bool]:
    stem = path.rpartition(".")[0]
    is_package = stem == "__init__" or stem.endswith("/__init__")
    if is_package:
        stem = stem[: -len("/__init__")]
    parts = stem.split("/")
    if not stem or not all(part.isidentifier() for part in parts):
        return "", is_package
    return ".".join(parts), is_package
