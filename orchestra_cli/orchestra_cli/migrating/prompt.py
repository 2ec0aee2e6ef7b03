"""Ask a person on a terminal: what is asked goes to stderr, so that stdout has the result alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping

from orchestra_cli.errors import UsageError
from orchestra_cli.suggest import did_you_mean, listed
from orchestra_cli.terminal import is_terminal, style_of, write_error


class NotATerminalError(UsageError):
    """A command was to ask, and nobody is there to answer: stdin or stderr is no terminal.

    For a migration, `--write-plan FILE` writes the same decisions to a file, to be edited and carried out
    with `--plan FILE`.
    """

    code = "not-a-terminal"


def require_terminal(hint: str) -> None:
    """Raise NotATerminalError where nobody could answer."""
    if not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
        raise NotATerminalError("there is no terminal to ask on", hint=hint)


def say(lines: Iterable[str]) -> None:
    """Write lines to the terminal."""
    write_error("".join(f"{line}\n" for line in lines))


def choose(choices: Mapping[str, str]) -> str:
    """Return the letter of a choice; the end of the input means the last one."""
    style = style_of(sys.stderr)
    row = "  ".join(f"[{style.bold(letter)}] {text}" for letter, text in choices.items())
    while True:
        write_error(f"{row}\n> ")
        line = sys.stdin.readline()
        if not line:
            write_error("\n")
            return list(choices)[-1]
        answer = line.strip()
        found = [letter for letter, text in choices.items() if answer and answer in {letter, text}]
        if found:
            return found[0]
        say([f"{answer or 'nothing'} is none of {', '.join(choices)}."])


def ask_for(what: str, now: str, check: Callable[[str], str]) -> str:
    """Return a value, by default what it is now. ``check`` returns what is wrong with one, or nothing."""
    while True:
        write_error(f"{what} [{now}]: ")
        line = sys.stdin.readline()
        answer = line.strip()
        if not answer:
            if not line:
                write_error("\n")
            return now
        wrong = check(answer)
        if not wrong:
            return answer
        say([wrong])


def one_of(known: Iterable[str]) -> Callable[[str], str]:
    """Return a check that allows some values."""
    names = list(known)

    def check(answer: str) -> str:
        return "" if answer in names else did_you_mean(answer, names, f"It is {listed(names, 12)}.")

    return check
