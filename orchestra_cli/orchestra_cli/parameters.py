"""What a command takes, said once: in the annotations of its function.

`Annotated[str | None, Option(metavar="OP", help="…")]` is all that is written about a parameter. Typer makes
its options, its help and its complaints of it (lazy.py); a command line that needs none of these is read
without Typer, by the same words (reading.py).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

from orchestra_cli.conversion import converter


class Spelling:
    """How a parameter is spelled, and what help says of it; ``least`` is the smallest number it may be."""

    __slots__ = ("help", "least", "metavar", "names")

    def __init__(
        self,
        *names: str,
        help: str | None = None,  # noqa: A002 - help calls it so
        metavar: str | None = None,
        least: int | None = None,
    ) -> None:
        self.names = names
        self.help = help
        self.metavar = metavar
        self.least = least


class Option(Spelling):
    """An option: `--its-name` unless it is spelled otherwise. A bool is a flag."""

    __slots__ = ()


class Argument(Spelling):
    """An argument, known by its place."""

    __slots__ = ()


class Taken:
    """One parameter of a command: its name in the function, its spelling, and what text becomes of it."""

    __slots__ = ("annotation", "is_many", "is_required", "name", "spelling")

    def __init__(self, name: str, annotation: Any, spelling: Spelling, *, is_required: bool) -> None:
        kind = _present(annotation)
        self.name = name
        self.spelling = spelling
        self.is_required = is_required
        self.is_many = get_origin(kind) is list
        self.annotation: Any = _present(get_args(kind)[0]) if self.is_many else kind

    @property
    def is_option(self) -> bool:
        """Whether it is known by its spelling, and not by its place."""
        return isinstance(self.spelling, Option)

    def spellings(self) -> dict[str, bool | None]:
        """Return how the option is spelled, each with what it says: True or False of a flag, else None."""
        is_flag = self.annotation is bool
        if self.spelling.names:
            return dict.fromkeys(self.spelling.names, True if is_flag else None)
        dashed = self.name.replace("_", "-")
        return {f"--{dashed}": True, f"--no-{dashed}": False} if is_flag else {f"--{dashed}": None}

    def convert(self, text: str) -> Any:
        """Return what the text means. Raises ValueError."""
        convert = converter(self.annotation, self.spelling.least)
        assert convert is not None, self.annotation
        return convert(text)


def taken_by(function: Callable[..., Any]) -> list[Taken]:
    """Return what a command's function takes, its session left out."""
    return [
        Taken(one.name, *get_args(one.annotation), is_required=one.default is one.empty)
        for one in inspect.signature(function, eval_str=True).parameters.values()
        if get_origin(one.annotation) is Annotated
    ]


def _present(annotation: Any) -> Any:
    """Return the type of a value that is given: `X` of `X | None`."""
    others = [one for one in get_args(annotation) if one is not NoneType]
    return others[0] if NoneType in get_args(annotation) and len(others) == 1 else annotation
