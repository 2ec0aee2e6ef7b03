"""Runs one command, and turns whatever goes wrong into an error with a code, a hint and an exit code."""

from __future__ import annotations

import sys
from typing import Any

import typer

from orchestra.errors import OrchestraError
from orchestra_cli.lazy import PROGRAM, main_group
from orchestra_cli.terminal import style_of, write_error

USAGE = 2
INTERNAL = 3
INTERRUPTED = 130


def run(arguments: list[str]) -> int:
    """Run the command that the arguments name, and return its exit code."""
    try:
        return _invoke(arguments)
    except typer.Exit as asked:
        return asked.exit_code
    except (KeyboardInterrupt, typer.Abort) as interrupt:
        write_error(f"{str(interrupt) or 'interrupted'}\n")
        return INTERRUPTED
    except OrchestraError as error:
        return _failed(error, arguments)
    except typer.TyperException as error:
        return _misused(error, arguments)
    except Exception as error:  # noqa: BLE001 - the last resort of the program
        return _failed(_internal(error), arguments, error)


def show_error(error: OrchestraError) -> None:
    """Print an error as `error[code]: sentence.` with its hint below."""
    style = style_of(sys.stderr)
    sentence = error.message if error.message.endswith((".", "?", "!")) else f"{error.message}."
    write_error(f"{style.red(f'error[{error.code}]')}: {sentence}\n")
    if error.hint:
        write_error(f"{style.cyan('hint')}: {error.hint}\n")


def _invoke(arguments: list[str]) -> int:
    group: Any = main_group()
    with group.make_context(PROGRAM, list(arguments)) as context:
        code = group.invoke(context)
    return code if isinstance(code, int) else 0


def _failed(error: OrchestraError, arguments: list[str], cause: Exception | None = None) -> int:
    if "--debug" in arguments:
        import traceback

        write_error(getattr(error, "traceback", "") or "".join(traceback.format_exception(cause or error)))
    show_error(error)
    return int(getattr(error, "exit_code", USAGE))


def _misused(error: typer.TyperException, arguments: list[str]) -> int:
    from orchestra_cli.usage import explained

    if type(error).__name__ == "NoArgsIsHelpError":
        write_error(f"{error.message}\n")
        return USAGE
    return _failed(explained(error), arguments)


def _internal(error: Exception) -> OrchestraError:
    from orchestra_cli.errors import InternalError

    sentence = str(error).strip().partition("\n")[0]
    return InternalError(
        f"{type(error).__name__}: {sentence}" if sentence else type(error).__name__,
        hint="This is a defect of orchestra; --debug shows where it happened.",
    )
