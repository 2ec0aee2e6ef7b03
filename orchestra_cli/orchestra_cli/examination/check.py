"""A check as the doctor sees it, made of its module and found by folder."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from orchestra_cli import ailments

AREAS = ("installation", "interpreter", "configuration", "project")
"""In the order in which one rests on the other."""


class CannotLook(Exception):  # noqa: N818 - not an error of the program, an outcome
    """A check needs what another has found to be missing."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong, in a sentence, and how to mend it; ``path`` is relative to the root."""

    message: str
    mend: str
    path: str | None = None

    def data(self) -> dict[str, Any]:
        """Return the members."""
        return {"message": self.message, "mend": self.mend, "path": self.path}


@dataclass(frozen=True, slots=True)
class Check:
    """A module of `ailments/`."""

    name: str
    area: str
    documentation: str
    look: Callable[[Any], Iterator[Complaint]]

    @property
    def summary(self) -> str:
        """The first sentence of the documentation."""
        return self.documentation.strip().partition("\n")[0].rstrip(".")


def all_checks() -> tuple[Check, ...]:
    """Return every check, by area and name."""
    names = (info.name for info in pkgutil.iter_modules(ailments.__path__, f"{ailments.__name__}."))
    checks = (_check_of(importlib.import_module(name)) for name in names)
    return tuple(sorted(checks, key=lambda check: (AREAS.index(check.area), check.name)))


def _check_of(module: ModuleType) -> Check:
    name = module.__name__.rpartition(".")[2].replace("_", "-")
    return Check(name, module.AREA, module.__doc__ or "", module.look)
