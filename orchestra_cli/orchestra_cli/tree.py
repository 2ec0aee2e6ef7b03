"""The commands: a module with a function `command` each, a folder for a group. The folder is the list."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType

PROGRAM = "orchestra"
COMMANDS = "orchestra_cli.commands"


def command_names(package: str = COMMANDS) -> list[str]:
    """Return the names of the commands of a folder, in alphabetical order."""
    found = (entry.stem for entry in Path(import_module(package).__path__[0]).iterdir())
    return sorted(name.replace("_", "-") for name in found if name.isidentifier() and name[0] != "_")


def command_module(package: str, name: str) -> ModuleType | None:
    """Import and return the module of a command, or the package of a group; None where there is none."""
    if name not in command_names(package):
        return None
    return import_module(f"{package}.{name.replace('-', '_')}")


def is_group(module: ModuleType) -> bool:
    """Tell whether a module holds commands, and is none itself."""
    return hasattr(module, "__path__")
