"""What is known of the project and its surroundings, each fact found out when a check first asks."""

from __future__ import annotations

import ast
import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from orchestra.errors import OrchestraError
from orchestra_cli.examination.check import CannotLook
from orchestra_cli.examination.probe import Probe, probed
from orchestra_cli.registered.modules import Modules
from orchestra_cli.session import Session
from orchestra_codemods.config import Config, Located, load

if TYPE_CHECKING:
    from orchestra_cli.registered.model import Reading


class Patient:
    """One project. Facts that cannot be had raise CannotLook, which leaves out the checks that need them."""

    def __init__(self, session: Session, environment: Mapping[str, str] | None = None) -> None:
        self._session = session
        self.environment = os.environ if environment is None else environment

    @cached_property
    def located(self) -> Located | OrchestraError:
        """Where the project is, or why there is none."""
        try:
            return self._session.locate()
        except OrchestraError as error:
            return error

    @cached_property
    def settings(self) -> Config | OrchestraError:
        """The settings, or why they cannot be read."""
        if isinstance(self.located, OrchestraError):
            return self.located
        try:
            return load(self.located, self.environment)
        except OrchestraError as error:
            return error

    @property
    def root(self) -> Path:
        """The project's root."""
        if isinstance(self.located, OrchestraError):
            raise CannotLook("there is no project here")
        return self.located.root

    @property
    def config(self) -> Config:
        """The settings."""
        if isinstance(self.settings, OrchestraError):
            raise CannotLook("the settings cannot be read")
        return self.settings

    @cached_property
    def path(self) -> list[str]:
        """The folders of the project on its program's import path."""
        from orchestra_cli.user_code import import_path

        return import_path(self.root, self.config)

    @cached_property
    def modules(self) -> Modules:
        """The project's modules by name."""
        folders = [Path(folder).relative_to(self.root).as_posix() for folder in self.path]
        return Modules(self.root, folders)

    @property
    def package(self) -> str:
        """The file of the orchestrator package."""
        home = self.modules.path_of(self.config.package)
        if home is None:
            raise CannotLook(f"there is no package {self.config.package}")
        return home

    @cached_property
    def reading(self) -> Reading:
        """What the source says is registered."""
        from orchestra_cli.registered.read import read_registered

        return read_registered(self.root, self.config)

    @cached_property
    def interpreter(self) -> str | OrchestraError:
        """The project's interpreter, or why it cannot be run."""
        from orchestra_cli.user_code import interpreter

        try:
            return interpreter(self.root, self.config)
        except OrchestraError as error:
            return error

    @cached_property
    def _probe(self) -> Probe | str:
        return "" if isinstance(self.interpreter, OrchestraError) else probed(self.interpreter)

    @property
    def probe(self) -> Probe:
        """What the project's interpreter says of itself."""
        if isinstance(self._probe, str):
            raise CannotLook("the project's interpreter cannot be run")
        return self._probe

    @property
    def failed_start(self) -> str | None:
        """Why the interpreter, which is there, does not start; None where it does."""
        return self._probe or None if isinstance(self._probe, str) else None

    def offers(self, target: str) -> str | None:
        """Return why ``module:attribute`` is not there, as far as the source says; None where it is.

        A module that is not the project's own is taken on trust.
        """
        module, colon, attribute = target.partition(":")
        if not colon or not attribute:
            return "is not of the form module:function"
        path = self.modules.path_of(module)
        if path is None:
            first = module.partition(".")[0]
            ours = self.modules.path_of(first) is not None
            return f"names the module {module}, which does not exist" if ours else self._unheard(module)
        names = _names_of(self.modules.tree(path))
        wanted = attribute.partition(".")[0]
        return None if names is None or wanted in names else f"names {wanted}, which is not in {path}"

    def _unheard(self, module: str) -> str | None:
        known = self.probe.importable(module.partition(".")[0])
        return None if known else f"names the module {module}, which is neither here nor installed"


def _names_of(tree: ast.Module) -> set[str] | None:
    """Return the names that a module defines at its top level; None where it may define any."""
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(names=[ast.alias(name="*"), *_]):
                return None
            case ast.Import() | ast.ImportFrom():
                names.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
            case _:
                continue
    return None if "__getattr__" in names else names
