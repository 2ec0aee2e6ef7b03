"""Typer's complaints in our words: a code, a sentence, and the nearest thing that exists.

Typer's error classes live in a private module, so they are told apart by name.
"""

from __future__ import annotations

from typing import Any

import typer

from orchestra_cli.errors import InvalidValueError, MissingValueError, UnknownOptionError, UsageError
from orchestra_cli.suggest import did_you_mean
from orchestra_cli.tree import PROGRAM


def explained(error: typer.TyperException) -> UsageError:
    """Return our error for one of Typer's."""
    context: Any = getattr(error, "ctx", None)
    command = context.command_path if context is not None else PROGRAM
    see = f"`{command} --help` shows what it takes."
    match type(error).__name__:
        case "NoSuchOption":
            wrong = str(getattr(error, "option_name", ""))
            hint = did_you_mean(wrong, _options(context), see)
            return UnknownOptionError(f"`{command}` has no option `{wrong}`", hint=hint, option=wrong)
        case "MissingParameter":
            return MissingValueError(f"`{command}` needs {_name(error)}", hint=see)
        case "BadOptionUsage":
            return MissingValueError(_sentence(error), hint=see)
        case "BadParameter":
            return InvalidValueError(_sentence(error), hint=see)
        case _:
            return UsageError(f"`{command}`: {_sentence(error)}", hint=_about_stray(error) or see)


def _about_stray(error: typer.TyperException) -> str:
    """Return what the command itself says about arguments that are too many, where it says something."""
    hint_for = getattr(getattr(getattr(error, "ctx", None), "command", None), "hint_for_stray", None)
    _, is_stray, words = error.format_message().partition("unexpected extra argument(s) (")
    return hint_for(words.rstrip(".").removesuffix(")")) if hint_for and is_stray else ""


def _options(context: Any) -> list[str]:
    params = context.command.get_params(context) if context is not None else []
    return [name for param in params for name in param.opts if name.startswith("--")]


def _name(error: typer.TyperException) -> str:
    param: Any = getattr(error, "param", None)
    return str(param.opts[0] if param.param_type_name == "option" else param.display_name_raw.upper())


def _sentence(error: typer.TyperException) -> str:
    message = error.format_message().rstrip(".")
    return message[:1].lower() + message[1:]
