"""A command line that is in order, read without Typer: importing it takes longer than most commands.

What is read here follows from the same annotations as Typer's own reading (parameters.py), and a test holds
the two together. Whatever is not plainly in order, from a typing error to `-qv`, is left to Typer, which
accepts it or says what is wrong: nothing here is an error.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from orchestra_cli.options import common_options
from orchestra_cli.parameters import Option, Taken, taken_by
from orchestra_cli.session import Session
from orchestra_cli.tree import COMMANDS, command_module, is_group

_HELP = Taken("help", bool, Option("--help", "-h"), is_required=False)

Options = dict[str, tuple[Taken, bool | None]]
"""Each spelling with its parameter and, of a flag, what it says."""


class Call:
    """A command with its session and what was given; what was not given is left to its defaults."""

    __slots__ = ("module", "path", "session", "values", "wants_help")

    def __init__(self, path: list[str], module: ModuleType, given: dict[str, Any]) -> None:
        common = given.keys() & {one.name for one in taken_by(common_options)}
        self.path = path
        self.module = module
        self.wants_help: bool = given.pop(_HELP.name, False)
        self.session: Session = common_options(**{name: given.pop(name) for name in common})
        self.values = given

    def perform(self) -> int:
        """Run the command, or show its help, and return the exit code."""
        code: int = self._help() if self.wants_help else self.module.command(self.session, **self.values)
        return code

    def _help(self) -> int:
        """Show the page and, where the command knows more about what was named, that below it."""
        from orchestra_cli.fast_help import command_help
        from orchestra_cli.terminal import write_out

        write_out(command_help(self.path) or "")
        if not hasattr(self.module, "more_help") or _missing(self.module, self.values):
            return 0
        write_out("\n")
        code: int = self.module.more_help(self.session, **self.values)
        return code


def read(words: list[str]) -> Call | None:
    """Return what the words ask for, or None where they are Typer's to judge."""
    try:
        call = _read(words)
    except ValueError:  # of a value, or of a spelling that nothing has
        return None
    return call if call.wants_help or not _missing(call.module, call.values) else None


def _read(words: list[str]) -> Call:
    waiting = words[::-1]
    given: dict[str, Any] = {}
    common = _options(taken_by(common_options))
    while waiting and waiting[-1].startswith("-"):
        _take(waiting, common, given)
    path, module = _command(waiting)
    own = taken_by(module.command)
    known = {**common, **_options([*own, _HELP])}
    places: list[str] = []
    while waiting:
        if waiting[-1] == "--":
            places += waiting[-2::-1]
            break
        if waiting[-1].startswith("-") and waiting[-1] != "-":
            _take(waiting, known, given)
        else:
            places.append(waiting.pop())
    _place(places, [one for one in own if not one.is_option], given)
    return Call(path, module, given)


def _command(waiting: list[str]) -> tuple[list[str], ModuleType]:
    """Take the words that name a command."""
    package, path = COMMANDS, []
    while waiting:
        path.append(waiting.pop())
        module = command_module(package, path[-1])
        if module is None:
            break
        if not is_group(module):
            return path, module
        package = module.__name__
    raise ValueError(path)


def _options(taken: list[Taken]) -> Options:
    return {name: (one, says) for one in taken if one.is_option for name, says in one.spellings().items()}


def _take(waiting: list[str], known: Options, given: dict[str, Any]) -> None:
    """Take an option, and its value from behind `=` or from the next word."""
    word = waiting.pop()
    name, equals, joined = word.partition("=") if word.startswith("--") else (word, "", "")
    if name not in known:
        raise ValueError(word)
    option, says = known[name]
    if says is not None:
        if equals:
            raise ValueError(word)
        given[option.name] = says
    elif equals or waiting:
        _give(option, joined if equals else waiting.pop(), given)
    else:
        raise ValueError(word)


def _place(places: list[str], arguments: list[Taken], given: dict[str, Any]) -> None:
    """Take the arguments; one that may be many is the last and takes the rest."""
    waiting = places[::-1]
    for argument in arguments:
        while waiting:
            _give(argument, waiting.pop(), given)
            if not argument.is_many:
                break
    if waiting:
        raise ValueError(waiting)


def _give(taken: Taken, text: str, given: dict[str, Any]) -> None:
    value = taken.convert(text)
    given[taken.name] = [*given.get(taken.name, ()), value] if taken.is_many else value


def _missing(module: ModuleType, values: dict[str, Any]) -> list[Taken]:
    return [one for one in taken_by(module.command) if one.is_required and one.name not in values]
