"""Runs a command by way of Typer, which accepts what reading.py leaves to it or says what is wrong."""

from __future__ import annotations

from typing import Any

import typer

from orchestra_cli.lazy import main_group
from orchestra_cli.terminal import write_error
from orchestra_cli.tree import PROGRAM
from orchestra_cli.usage import explained

USAGE = 2


def perform(arguments: list[str]) -> int:
    """Run the command that the arguments name, and return its exit code. Raises UsageError."""
    group: Any = main_group()
    try:
        with group.make_context(PROGRAM, list(arguments)) as context:
            code = group.invoke(context)
    except typer.Exit as asked:
        return asked.exit_code
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            write_error(f"{error.message}\n")
            return USAGE
        raise explained(error) from error
    return code if isinstance(code, int) else 0
