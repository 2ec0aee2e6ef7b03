"""What a name turned out to mean."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Definition:
    """A module, class, function or variable of the project.

    ``path`` is the file, which identifies it whatever its module is called; ``module`` is the name under
    which it was reached, ``name`` the qualified name in it, empty for the module itself. A namespace
    package has an empty ``path``. ``through`` lists the files that passed the name on, nearest first.
    ``is_fallible`` says that an import under `try` may give its fallback instead.
    """

    path: str
    module: str
    name: str = ""
    through: tuple[str, ...] = ()
    is_fallible: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What two references to the same thing have in common."""
        return self.path or self.module, self.name

    @property
    def dotted(self) -> str:
        """The full dotted name."""
        return f"{self.module}.{self.name}" if self.name else self.module


@dataclass(frozen=True, slots=True)
class External:
    """Something outside the project, a builtin included; ``dotted`` is its full name."""

    dotted: str


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A name that leads nowhere, or that only running the program could tell."""

    dotted: str
    why: str


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A name that means one thing or another, depending on what happens at run time."""

    dotted: str
    why: str
    candidates: tuple[Definition | External | Unresolved, ...] = ()


Resolution = Definition | External | Unresolved | Ambiguous
