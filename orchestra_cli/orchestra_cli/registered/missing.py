"""A class of the package that nothing registers: found in the source, with what it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from orchestra_cli.registered.model import Registered
from orchestra_cli.registered.modules import Modules
from orchestra_cli.registered.read import modules_of
from orchestra_cli.registered.search import in_package
from orchestra_codemods.config import Config


def unregistered(modules: Modules, package: str, registered: Iterable[Registered]) -> Iterator[Registered]:
    """Yield the classes of a package that name themselves and are none of ``registered``."""
    known = {(row.module, row.class_name) for row in registered}
    return (row for row in in_package(modules, package) if (row.module, row.class_name) not in known)


def class_named(name: str, root: Path, config: Config) -> Registered | None:
    """Return the class of the package that calls itself ``name``, registered or not."""
    rows = in_package(modules_of(root, config), config.package)
    return next((row for row in rows if row.name == name), None)


def is_about(problem: str, row: Registered) -> bool:
    """Tell whether what went wrong at run time is the class's or its module's."""
    return problem.partition(": ")[0] in (row.module, f"{row.module}.{row.class_name}")


def why_missing(row: Registered, app: str | None, problem: str | None = None) -> str:
    """Return why a class is not registered: by what went wrong at run time, or for want of a line."""
    where, _, said = (problem or "").partition(": ")
    if where == row.module:
        return f"{row.path} could not be imported: {said}"
    if where:
        return f"{row.class_name} in {row.path} could not be built: {said}"
    return f"{row.class_name} in {row.path} is registered nowhere" + (f", not by {app}" if app else "")


def how_to_register(row: Registered, app: str | None, problem: str | None = None) -> str:
    """Return what registers a class: which factory is missing and where it goes, or what to mend first."""
    if (problem or "").partition(": ")[0] == row.module:
        return f"Mend that first: python -c 'import {row.module}' shows where it happens."
    if app is not None:
        return f'Add facade.register_factory("{row.name}", …) to {app}.'
    return f'Name a function that builds it: {row.name} = "module:function" in [tool.orchestra.factories].'
