"""The name of each orchestrator: from its class, else its module, unique in the project."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Iterable, Sequence

_SUFFIXES = ("Orchestrator", "Coordinator")
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_GENERIC = frozenset(
    ("", "main", "core", "base", "orchestrator", "coordinator", "orchestrators", "init", "src")
)


def snake_case(name: str) -> str:
    """Return `HTTPServer2Pool` as `http_server_2_pool`, digits joined to the word before them."""
    words = _WORD.findall(name)
    return re.sub(r"_(?=\d)", "", "_".join(word.lower() for word in words)) or name.lower()


def orchestrator_names(classes: Sequence[tuple[str, str]], taken: Collection[str] = ()) -> list[str]:
    """Return a name for each class, given as pairs of class name and module.

    Where two would get the same, each is told apart by the nearest part of its module's name that they do
    not share, whatever their order; ``taken`` are names that are registered already.
    """
    short = [_short(class_name, module) for class_name, module in classes]
    names = list(short)
    numbers: dict[str, list[int]] = {}
    for number, name in enumerate(short):
        numbers.setdefault(name, []).append(number)
    for name, rivals in sorted(numbers.items()):
        if len(rivals) == 1 and name not in taken:
            continue
        for number in rivals:
            others = [classes[other][1] for other in rivals if other != number]
            names[number] = _told_apart(name, classes[number], others)
    return _numbered(names, taken)


def _short(class_name: str, module: str) -> str:
    stem = next(
        (class_name[: -len(suffix)] for suffix in _SUFFIXES if class_name.endswith(suffix)), class_name
    )
    for part in (snake_case(stem.strip("_")) if stem.strip("_") else "", *reversed(module.split("."))):
        name = re.sub(r"_?(?:orchestrator|coordinator)s?$", "", part.strip("_"))
        if name not in _GENERIC:
            return _safe(name)
    return "orchestrator"


def _told_apart(name: str, own: tuple[str, str], others: Iterable[str]) -> str:
    shared = {part for module in others for part in module.split(".")}
    parts = [part for part in own[1].split(".") if part not in shared and part != name]
    if parts:
        return f"{parts[-1]}_{name}"
    suffix = next((suffix.lower() for suffix in _SUFFIXES if own[0].endswith(suffix)), "")
    return f"{name}_{suffix}" if suffix == "coordinator" else name


def _numbered(names: Sequence[str], taken: Collection[str]) -> list[str]:
    used = set(taken)
    unique: list[str] = []
    for name in names:
        number, chosen = 2, name
        while chosen in used:
            chosen, number = f"{name}_{number}", number + 1
        used.add(chosen)
        unique.append(chosen)
    return unique


def _safe(name: str) -> str:
    name = f"flow_{name}" if name[:1].isdigit() else name
    return f"{name}_orchestrator" if keyword.iskeyword(name) or keyword.issoftkeyword(name) else name
