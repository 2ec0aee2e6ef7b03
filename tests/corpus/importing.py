"""Prints what each module offers that is named on stdin.

The arguments are the project's own packages: what is none of them and not installed is made up. Without
arguments nothing is. Run in a project before and after a migration, so that the two can be compared, also
without the project's dependencies. Each module is imported in a process of its own, as the first one.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import inspect
import json
import os
import re
import signal
import sys
import types
import warnings
from typing import Any

MOST_SECONDS = 30


class _MadeUp:
    """Stands for anything: called, derived from, indexed, combined, entered, as decorator or annotation."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _MadeUp()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        is_decorator = len(args) == 1 and not kwargs and inspect.isroutine(args[0]) | inspect.isclass(args[0])
        return args[0] if is_decorator else self

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[Any, ...]:
        return ()

    def __instancecheck__(self, instance: object) -> bool:
        return False

    __subclasscheck__ = __instancecheck__

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return {"type": "any"}

    def __getitem__(self, key: Any) -> Any:
        return self

    def __or__(self, other: Any) -> Any:
        return self

    __ror__ = __add__ = __radd__ = __truediv__ = __mod__ = __or__

    def __enter__(self) -> Any:
        return self

    def __iter__(self) -> Any:
        return iter(())

    def __lt__(self, other: Any) -> bool:
        return False

    __gt__ = __le__ = __ge__ = __lt__

    def __repr__(self) -> str:
        return "made up"

    def __fspath__(self) -> str:
        return "made-up"

    def __exit__(self, *error: object) -> None:
        return None


class _Missing(types.ModuleType):
    """A module that is not installed here."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _MadeUp()


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds, after everybody else, whatever is not in the project."""

    def __init__(self, own: frozenset[str]) -> None:
        self.own = own

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name.partition(".")[0] in self.own | sys.stdlib_module_names:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: Any) -> Any:
        return _Missing(spec.name)

    def exec_module(self, module: Any) -> None:
        return None


def offered(name: str) -> Any:
    """Return of each name of a module what it is, with signature or value; or how the import failed."""
    try:
        module = importlib.import_module(name)
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return {key: _shown(value) for key, value in sorted(vars(module).items()) if not key.startswith("__")}


def _shown(value: Any) -> str:
    if inspect.ismodule(value):
        return "module"
    if not callable(value):
        text = repr(value) if isinstance(value, str | int | float | bool | None) else type(value).__name__
    elif isinstance(value, _MadeUp):
        text = "made up"
    else:
        try:
            signature = inspect.signature(value)
            if getattr(value, "__init__", None).__class__ is types.FunctionType and (
                value.__init__.__name__ == "_no_init_or_replace_init"
            ):  # what a Protocol leaves in its heirs until one is built; it takes no arguments either
                signature = inspect.Signature()
            if inspect.isclass(value):  # `-> None` of a constructor says nothing
                signature = signature.replace(return_annotation=inspect.Signature.empty)
            text = f"{_kind(value)} {signature}"
        except Exception:
            text = _kind(value)
    text = re.sub(r"\b[a-z_][\w.]*\.(?=[A-Z_])", "", text)  # the classes of annotations may have moved
    return re.sub(r"0x[0-9a-f]+", "0x", text)


def _kind(value: Any) -> str:
    return "class" if inspect.isclass(value) else type(value).__name__


def main() -> None:
    """Print one line of JSON a module: its name, and what it offers."""
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(5_000)
    names = sys.stdin.read().split()
    if sys.argv[1:]:
        sys.meta_path.append(_Finder(frozenset(sys.argv[1:])))
    for name in names:
        sys.stdout.flush()
        child = os.fork()
        if child:
            os.waitpid(child, 0)
            continue
        signal.alarm(MOST_SECONDS)
        line = json.dumps([name, offered(name)])
        os.write(int(os.environ["ANSWER"]), line.encode() + b"\n")
        os._exit(0)


if __name__ == "__main__":
    main()
