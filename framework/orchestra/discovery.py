"""From packages, entry points and a composition root to a facade with everything registered.

A child process of the command line calls :func:`build_facade`; it needs the standard library and this
package.
"""

from __future__ import annotations

import inspect
import pkgutil
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from orchestra.base import BaseOrchestrator
from orchestra.errors import WiringError
from orchestra.facade import OrchestrationFacade

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ENTRY_POINTS = "orchestra.orchestrators"


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found: registered names, and what could not be imported or built, by module or class."""

    registered: list[str] = field(default_factory=list)
    problems: dict[str, BaseException] = field(default_factory=dict)


def discover(facade: OrchestrationFacade, package: str, *, entry_points: bool = False) -> Discovery:
    """Import the modules of a package and register the orchestrators that they define.

    A class whose constructor needs arguments comes from ``facade.register_factory``, else it is a problem. A
    module that fails to import is a problem too, and stops no other.
    """
    found = Discovery()
    for module in _modules(package, found):
        for kind in _classes(module):
            _register(facade, kind, found)
    if entry_points:
        discover_entry_points(facade, found)
    return found


def discover_entry_points(facade: OrchestrationFacade, found: Discovery | None = None) -> Discovery:
    """Register what installed distributions offer in the group ``orchestra.orchestrators``."""
    from importlib.metadata import entry_points

    found = found or Discovery()
    for entry_point in entry_points(group=ENTRY_POINTS):
        try:
            loaded = entry_point.load()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - foreign code at import
            found.problems[entry_point.value] = error
            continue
        _register(facade, loaded, found)
    return found


async def build_facade(
    app: str | None = None,
    *,
    packages: Iterable[str] = (),
    factories: Mapping[str, str] | None = None,
    entry_points: bool = True,
) -> tuple[OrchestrationFacade, Discovery]:
    """Return the project's facade and what was found on the way.

    ``app`` is the composition root, ``"pkg.wiring:build_facade"``, sync or async; with it nothing else is
    done. Without it the packages are discovered, with ``factories`` (name to ``"pkg.module:callable"``), into
    the global facade. Raises WiringError when the root cannot be imported, fails, or returns no facade.
    """
    found = Discovery()
    if app is not None:
        facade = await _from_root(app)
        found.registered.extend(facade.list_names())
        return facade, found
    from orchestra.default import get_orchestration_facade

    facade = get_orchestration_facade()
    for name, path in (factories or {}).items():
        facade.register_factory(name, load(path), replace=True)
    for package in packages:
        one = discover(facade, package)
        found.problems.update(one.problems)
    if entry_points:
        discover_entry_points(facade, found)
    await _build_factories(facade, found)
    found.registered[:] = facade.list_names()
    return facade, found


def load(path: str) -> Any:
    """Return what ``"package.module:attribute"`` names; raise WiringError when it cannot be imported."""
    module, separator, attribute = path.partition(":")
    if not separator or not module or not attribute:
        raise WiringError(f"'{path}' names nothing to call", hint="Write it as 'package.module:callable'")
    try:
        found: Any = import_module(module)
        for part in attribute.split("."):
            found = getattr(found, part)
    except (Exception, SystemExit) as error:
        raise WiringError(
            f"'{path}' cannot be imported: {type(error).__name__}: {error}",
            hint="Check the path and that its module imports on its own: python -c 'import " + module + "'",
        ) from error
    return found


async def _from_root(app: str) -> OrchestrationFacade:
    made = load(app)
    if callable(made) and not isinstance(made, OrchestrationFacade):
        try:
            made = made()
            if inspect.isawaitable(made):
                made = await made
        except Exception as error:
            raise WiringError(f"'{app}' failed: {type(error).__name__}: {error}") from error
    if not isinstance(made, OrchestrationFacade):
        raise WiringError(
            f"'{app}' returned {type(made).__name__}, not an OrchestrationFacade",
            hint="Build the facade, register everything, and return it",
        )
    return made


async def _build_factories(facade: OrchestrationFacade, found: Discovery) -> None:
    for name in facade.list_names():
        try:
            await facade.registry.find_async(name)
        except Exception as error:  # noqa: BLE001 - a factory is foreign code
            found.problems[name] = error


def _modules(package: str, found: Discovery) -> list[Any]:
    try:
        root = import_module(package)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - foreign code at import
        found.problems[package] = error
        return []
    modules = [root]
    paths = getattr(root, "__path__", None)
    if paths is not None:
        walked = pkgutil.walk_packages(paths, f"{package}.", onerror=lambda _: None)
        for name in sorted({one.name for one in walked}):
            if name.rpartition(".")[2] == "__main__":
                continue
            try:
                modules.append(import_module(name))
            except (Exception, SystemExit) as error:  # noqa: BLE001 - one broken module stops no other
                found.problems[name] = error
    return modules


def _classes(module: Any) -> list[type[BaseOrchestrator]]:
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, BaseOrchestrator)
        and value.__module__ == module.__name__
        and not inspect.isabstract(value)
        and not value.__name__.startswith("_")
    ]


def _register(facade: OrchestrationFacade, offered: Any, found: Discovery) -> None:
    label = getattr(offered, "__qualname__", repr(offered))
    try:
        if isinstance(offered, type) and _needs_arguments(offered):
            if _has_factory(facade, offered):
                return
            raise WiringError(
                f"{label} needs arguments to be constructed: {inspect.signature(offered)}",
                hint="Register a factory: facade.register_factory(name, …) or [tool.orchestra.factories]",
            )
        made: Any = offered() if callable(offered) and not isinstance(offered, BaseOrchestrator) else offered
        if facade.is_registered(made.name):
            return
        facade.register(made)
        found.registered.append(made.name)
    except Exception as error:  # noqa: BLE001 - a constructor is foreign code
        found.problems[f"{getattr(offered, '__module__', '')}.{label}"] = error


def _needs_arguments(kind: type) -> bool:
    parameters = inspect.signature(kind).parameters.values()
    return any(
        parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        for parameter in parameters
    )


def _has_factory(facade: OrchestrationFacade, kind: type) -> bool:
    """Return whether a factory says that it builds this class, or is the class's only candidate by name."""
    from orchestra.runtime import snake_case

    names = {snake_case(kind.__name__), snake_case(kind.__name__.removesuffix("Orchestrator"))}
    for name, factory in facade.registry.factories.items():
        built: Any = inspect.get_annotations(factory).get("return") if inspect.isfunction(factory) else None
        if name in names or built is kind or built == kind.__name__:
            return True
    return any(type(entry.orchestrator) is kind for entry in facade.registry.entries.values())
