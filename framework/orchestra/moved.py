"""What remains at the old place of a module that moved: a module that hands everything on to the new one.

`orchestra migrate` writes a file that ends with ``forward(__name__, "new.place")``. Reads, writes, deletions
and ``dir`` through the old name then reach the new module, so that ``mock.patch("old.name")``,
``old._instance = x``, star imports, pickles by the old path and ``python -m old`` do what they did.
`orchestra deprecate mark` writes the same where there is a replacement, else ``leaving(__name__, …)``.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from orchestra.notices import MovedModuleWarning, Notice

__all__ = ["MovedModuleWarning", "forward", "leaving", "reexport"]

_IMPORT_SYSTEM = frozenset(
    {"__builtins__", "__cached__", "__class__", "__dict__", "__doc__", "__file__", "__loader__", "__moved__"}
    | {"__name__", "__package__", "__path__", "__spec__", "__warningregistry__"}
)
_MAIN = ("__main__", "__mp_main__")
_MARK = "__moved_from__"
_own_dict: Callable[[ModuleType], dict[str, Any]] = vars(ModuleType)["__dict__"].__get__


def forward(old_name: str, new_name: str, *, was: str | None = None, remove_on: str | None = None) -> None:
    """Make the module that calls this hand everything on to ``new_name``.

    ``old_name`` is the caller's ``__name__``; run as a program, the new module is run instead. ``was`` is the
    name by which code usually imported the file: imported by a longer one (`src.pkg.x` for `pkg.x`), it
    leads to the new module by its longer name, so that the two stay as apart as they were. ``remove_on`` is
    the date, as text, from which the old name may be gone. Each line that uses the old name gets one
    MovedModuleWarning. What importing the new module raises is passed on.
    """
    if was is not None and old_name.endswith(f".{was}"):
        new_name = old_name.removesuffix(was) + new_name
    frame = sys._getframe(1)  # noqa: SLF001
    if old_name in _MAIN:
        _run(old_name, new_name, frame)
        return
    state = _Moved(old_name, new_name, remove_on)
    module = sys.modules.get(old_name)
    if module is None or _own_dict(module) is not frame.f_globals:
        state.warn(frame.f_back)
        _answer_reads(frame.f_globals, state)
    elif isinstance(module, _MovedModule):
        module.__moved__.is_reloading = False
        importlib.reload(module.__moved__.target)
        _forget_own_names(module)
    else:
        _forget_own_names(module)
        _own_dict(module)["__moved__"] = state
        module.__class__ = _MovedModule
        state.warn(frame.f_back)
        state.load_for(module)


def leaving(name: str, *, remove_on: str | None = None, replacement: str | None = None) -> None:
    """Tell whoever imports the module that calls this that it goes away, and what to use instead.

    ``name`` is the caller's ``__name__``; run as a program it tells nobody. ``remove_on`` is a date, as text.
    The code of the module stays as it is; who imports it when it is there already is not told.
    """
    if name in _MAIN:
        return
    until = f" and goes away on {remove_on}" if remove_on else ""
    instead = f"; use {replacement} instead" if replacement else ""
    Notice(name, f"the module {name} is deprecated{until}{instead}").warn(sys._getframe(1).f_back)  # noqa: SLF001


def reexport(package: str, source: str, *names: str, was: str | None = None, **renamed: str) -> None:
    """Bind names of a moved module in the package that calls this, now or else when they are first read.

    ``renamed`` maps names here to names there; ``was`` is as in :func:`forward`. A plain
    ``from new.place import Name`` in a package's ``__init__`` fails whenever the new module is imported first
    and imports the package itself, which it did not have to do while it was inside the package.
    """
    if was is not None and package.endswith(f".{was}"):
        source = package.removesuffix(was) + source
    wanted = {**{name: name for name in names}, **renamed}
    namespace = _own_dict(sys.modules[package])
    defined = vars(importlib.import_module(source))
    later = {here: there for here, there in wanted.items() if there not in defined}
    namespace.update({here: defined[there] for here, there in wanted.items() if there in defined})
    if not later:
        return
    other = namespace.get("__getattr__")

    def read_later(name: str) -> Any:
        if name in later:
            return getattr(importlib.import_module(source), later[name])
        if other is not None:
            return other(name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name)

    namespace["__getattr__"] = read_later


class _Moved(Notice):
    """What an old module knows: where everything went, and who has been told."""

    __slots__ = ("is_reloading", "new_name")

    def __init__(self, old_name: str, new_name: str, remove_on: str | None) -> None:
        until = f" and goes away on {remove_on}" if remove_on else ""
        super().__init__(old_name, f"the module {old_name} moved to {new_name}{until}")
        self.new_name = new_name
        self.is_reloading = False

    @property
    def target(self) -> ModuleType:
        """The new module; found by name each time, so that one imported afresh is followed."""
        return sys.modules.get(self.new_name) or importlib.import_module(self.new_name)

    def load_for(self, module: ModuleType) -> None:
        """Import the new module; afresh where the old one was taken out of `sys.modules` to that end."""
        importlib.import_module(
            self.new_name
        )  # unlike a look at `sys.modules`, waits for another thread's import
        if vars(self.target).setdefault(_MARK, {}).setdefault(self.old_name, module) is not module:
            del sys.modules[self.new_name]
            vars(self.target)[_MARK] = {self.old_name: module}


class _MovedModule(ModuleType):
    """A module whose names are another module's."""

    __moved__: _Moved

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
        return _own_dict(self) if self.__moved__.is_reloading else vars(self.__moved__.target)

    def __getattribute__(self, name: str) -> Any:
        """Read it as it is read off any module; loaders call this by name, which `__getattr__` would miss."""
        try:
            return super().__getattribute__(name)
        except AttributeError:
            state = self.__moved__
        if name not in _IMPORT_SYSTEM:
            try:
                value = getattr(state.target, name)
            except AttributeError:
                pass
            else:
                if not _is_special(name):
                    state.warn(sys._getframe(1))  # noqa: SLF001
                return value
        raise AttributeError(f"module {state.old_name!r} has no attribute {name!r}", name=name, obj=self)

    def __setattr__(self, name: str, value: Any) -> None:
        state = self.__moved__
        if name in _IMPORT_SYSTEM or _is_own_submodule(state.old_name, name, value):
            if name == "__spec__":  # importlib.reload begins with it, and then runs the file in __dict__
                state.is_reloading = True
            super().__setattr__(name, value)
            return
        state.warn(sys._getframe(1))  # noqa: SLF001
        setattr(state.target, name, value)

    def __delattr__(self, name: str) -> None:
        if name in _own_dict(self):
            super().__delattr__(name)
            return
        state = self.__moved__
        state.warn(sys._getframe(1))  # noqa: SLF001
        delattr(state.target, name)

    def __dir__(self) -> list[str]:
        return sorted({*dir(self.__moved__.target), *_own_dict(self)} - {"__moved__", _MARK})


def _forget_own_names(module: ModuleType) -> None:
    """Take out what the forwarding file itself imported, so that reads reach the new module."""
    namespace = _own_dict(module)
    for name in [name for name in namespace if name not in _IMPORT_SYSTEM]:
        if not _is_own_submodule(module.__name__, name, namespace[name]):
            del namespace[name]


def _answer_reads(namespace: dict[str, Any], state: _Moved) -> None:
    """Forward reads alone, for a module object that was made from the file and is not in `sys.modules`."""

    def read(name: str) -> Any:
        return getattr(state.target, name)

    namespace.update({"__getattr__": read, "__dir__": lambda: dir(state.target)})
    state.target  # noqa: B018 - what it raises belongs here


def _run(run_name: str, new_name: str, frame: FrameType) -> None:
    import runpy

    top = new_name.partition(".")[0]
    if frame.f_globals.get("__spec__") is None and importlib.util.find_spec(top) is None:
        relative = Path(*new_name.split("."))
        for folder in Path(frame.f_code.co_filename).resolve().parents:
            if (folder / relative).with_suffix(".py").exists():
                sys.path.append(str(folder))
                break
    runpy.run_module(new_name, run_name=run_name, alter_sys=True)


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _is_own_submodule(module_name: str, name: str, value: Any) -> bool:
    return isinstance(value, ModuleType) and value.__name__ == f"{module_name}.{name}"
