"""From what a person calls an orchestrator to its name, module and class; what cannot be one is refused."""

from __future__ import annotations

import keyword
import re
from typing import NamedTuple

from orchestra_cli.errors import UsageError

SUFFIX = "Orchestrator"
LONGEST = 60
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)


class BadNameError(UsageError):
    """The name cannot be that of an orchestrator, an operation, a dependency or a background task.

    An orchestrator's name becomes a module and a class: letters, digits and underscores, beginning with a
    letter, as in `http_server`, `HTTPServer` or `Http-Server`. Paths, words that Python keeps for itself, and
    letters beyond ASCII (which the framework's names do not have) are refused.
    """

    code = "bad-name"


class OrchestratorName(NamedTuple):
    """How an orchestrator is called: registered and as a module in snake case, as a class with the suffix."""

    name: str
    class_name: str


def orchestrator_name(given: str) -> OrchestratorName:
    """Return the names of an orchestrator. Raises BadNameError.

    Capitals are kept where they were given: `HTTPServer` is the class HTTPServerOrchestrator.
    """
    plain = re.sub(r"[\s_-]+", "_", given.strip()).strip("_")
    _check_letters(given, plain)
    stem = _without_suffix(plain)
    if not stem:
        raise BadNameError(
            f"`{given}` leaves no name without the word orchestrator",
            hint="Say what it orchestrates, as in `billing`.",
        )
    parts = [part[:1].upper() + part[1:] for part in stem.split("_")]
    words = [word for part in parts for word in _WORD.findall(part)]
    name = re.sub(r"_(?=\d)", "", "_".join(word.lower() for word in words))
    if keyword.iskeyword(name) or name in _DEVICES:
        why = "a word of Python" if keyword.iskeyword(name) else "a device of Windows"
        raise BadNameError(
            f"`{given}` would be the module `{name}`, which is {why}",
            hint=f"Did you mean `{name}_handling`?",
        )
    if len(name) > LONGEST:
        raise BadNameError(
            f"`{given}` is {len(name)} characters long", hint=f"At most {LONGEST} are readable."
        )
    return OrchestratorName(name, f"{''.join(parts)}{SUFFIX}")


def member_name(given: str, what: str) -> str:
    """Return a name that a method or attribute can have. Raises BadNameError."""
    name = given.strip().replace("-", "_")
    _check_letters(given, name)
    if keyword.iskeyword(name) or name.startswith("_") or name in _TAKEN:
        why = "private" if name.startswith("_") else "taken"
        why = "a word of Python" if keyword.iskeyword(name) else why
        better = f"{name.strip('_')}_{'source' if what == 'a dependency' else 'work'}"
        raise BadNameError(
            f"{what} cannot be called `{given}`: the name is {why}", hint=f"Did you mean `{better}`?"
        )
    return name


_TAKEN = frozenset(
    {"layer", "name", "orchestration_type", "runtime", "logger", "orchestrate", "can_orchestrate", "cleanup"}
)
"""What the framework's base class has (the guide, API Reference), which must stay."""


def _check_letters(given: str, plain: str) -> None:
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", plain):
        return
    if not plain:
        raise BadNameError("the name is empty", hint="Say what it is for, as in `billing`.")
    if re.search(r"[/\\.:]", given):
        why = "has the parts of a path; where the file goes follows from the layer"
    elif plain[0].isdigit():
        why = "begins with a digit, which no module or class can"
    else:
        wrong = next(letter for letter in plain if not re.match(r"[A-Za-z0-9_]", letter))
        why = f"has `{wrong}` in it"
    raise BadNameError(f"`{given}` {why}", hint=_suggestion(given))


def _suggestion(given: str) -> str:
    import unicodedata

    last = re.split(r"[/\\.:]", given.removesuffix(".py").rstrip("/\\"))[-1]
    ascii_only = unicodedata.normalize("NFKD", last).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9]+", "_", ascii_only).strip("_")
    if name[:1].isdigit():
        digits = re.match(r"\d+", name)
        assert digits is not None
        spelled = "_".join(_DIGITS[int(digit)] for digit in digits.group())
        name = f"{spelled}_{name[digits.end() :].lstrip('_')}".rstrip("_")
    return f"Did you mean `{name}`?" if name else "Use letters, digits and underscores."


def _without_suffix(name: str) -> str:
    return re.sub(r"_?orchestrators?$", "", name, flags=re.IGNORECASE)
