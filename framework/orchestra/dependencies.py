"""Dependencies that are loaded when they are first used (the guide, "Lazy Dependency Injection")."""

from __future__ import annotations

import threading
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from orchestra.errors import DependencyError
from orchestra.runtime import runtime_of

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class lazy(Generic[T]):  # noqa: N801 - it reads as a word of the language, like ``property``
    """A dependency of an orchestrator: loaded once, on first use, also when several threads are first.

    ``lazy("my_app.router_a:get_router_a")`` imports the module and calls what it finds there; a class is
    instantiated, anything that cannot be called is taken as it is. A callable may be given instead of the
    path. Assigning to the attribute (in the constructor, in a test) replaces the dependency; assigning None
    takes the replacement back. What was loaded here is closed with the orchestrator when it has ``aclose`` or
    ``close``, unless ``close=False``; what was handed in is not ours to close.

    Annotate for types: ``router: lazy[RouterA] = lazy("my_app.router_a:get_router_a")``.
    Raises DependencyError, on use, naming the dependency and the orchestrator.
    """

    @overload
    def __init__(self: lazy[Any], source: str, *, close: bool = True) -> None: ...

    @overload
    def __init__(self, source: Callable[[], T], *, close: bool = True) -> None: ...

    def __init__(self, source: Any, *, close: bool = True) -> None:
        self.source = source
        self.close = close
        self.attribute = "dependency"

    def __set_name__(self, owner: type, name: str) -> None:
        self.attribute = name

    @overload
    def __get__(self, instance: None, owner: type) -> lazy[T]: ...

    @overload
    def __get__(self, instance: object, owner: type | None = None) -> T: ...

    def __get__(self, instance: object | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        runtime = runtime_of(instance)
        held = runtime.dependencies.get(self.attribute)
        if held is None:
            with _lock_of(runtime.locks, self.attribute):
                held = runtime.dependencies.get(self.attribute)
                if held is None:
                    held = (self._load(runtime.label), self.close)
                    runtime.dependencies[self.attribute] = held
        return held[0]

    def __set__(self, instance: object, value: T | None) -> None:
        dependencies = runtime_of(instance).dependencies
        if value is None:
            dependencies.pop(self.attribute, None)
        else:
            dependencies[self.attribute] = (value, False)

    def __delete__(self, instance: object) -> None:
        runtime_of(instance).dependencies.pop(self.attribute, None)

    def _load(self, orchestrator: str) -> object:
        source = self.source if callable(self.source) else self._find(orchestrator)
        if not callable(source):
            return source
        try:
            return source()
        except Exception as error:
            error.add_note(f"while loading the dependency '{self.attribute}' of '{orchestrator}'")
            raise

    def _find(self, orchestrator: str) -> object:
        module, _, path = str(self.source).partition(":")
        try:
            found: object = import_module(module)
            for part in path.split(".") if path else ():
                found = getattr(found, part)
        except Exception as error:
            raise DependencyError(
                f"The dependency '{self.attribute}' of '{orchestrator}' cannot be imported from "
                f"'{self.source}': {error}",
                hint="Write it as 'package.module:callable', or give the dependency in the constructor",
                dependency=self.attribute,
                orchestrator=orchestrator,
            ) from error
        return found


def _lock_of(locks: dict[str, threading.RLock], attribute: str) -> threading.RLock:
    return locks.setdefault(attribute, threading.RLock())
