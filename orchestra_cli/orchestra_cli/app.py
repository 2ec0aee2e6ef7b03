"""Runs one command, and turns whatever goes wrong into an error with a code, a hint and an exit code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

from orchestra.errors import OrchestraError
from orchestra_cli.terminal import style_of, write_error

USAGE = 2
INTERRUPTED = 130


def run(arguments: list[str]) -> int:
    """Run the command that the arguments name, and return its exit code."""
    try:
        return _perform(arguments)
    except KeyboardInterrupt as interrupt:
        write_error(f"{str(interrupt) or 'interrupted'}\n")
        return INTERRUPTED
    except OrchestraError as error:
        return _failed(error, arguments)
    except ModuleNotFoundError as error:
        return _failed(_not_installed(error) or _internal(error), arguments, error)
    except Exception as error:  # noqa: BLE001 - the last resort of the program
        return _failed(_internal(error), arguments, error)


def show_error(error: OrchestraError) -> None:
    """Print an error as `error[code]: sentence.` with its hint below."""
    style = style_of(sys.stderr)
    sentence = error.message if error.message.endswith((".", "?", "!")) else f"{error.message}."
    write_error(f"{style.red(f'error[{error.code}]')}: {sentence}\n")
    if error.hint:
        write_error(f"{style.cyan('hint')}: {error.hint}\n")


def _perform(arguments: list[str]) -> int:
    # Collecting garbage while modules load finds none and costs a tenth of the start.
    gc.disable()
    try:
        perform = _found(arguments)
    finally:
        gc.freeze()
        gc.enable()
    return perform()


def _found(arguments: list[str]) -> Callable[[], int]:
    from orchestra_cli.reading import read

    call = read(arguments)
    if call is not None:
        return call.perform
    from orchestra_cli import typed

    return lambda: typed.perform(arguments)


def _failed(error: OrchestraError, arguments: list[str], cause: Exception | None = None) -> int:
    if "--debug" in arguments:
        import traceback

        write_error(getattr(error, "traceback", "") or "".join(traceback.format_exception(cause or error)))
    show_error(error)
    return int(getattr(error, "exit_code", USAGE))


def _not_installed(error: ModuleNotFoundError) -> OrchestraError | None:
    """Return the error for a library of the extra `cli` that is missing; None where it is one of ours."""
    missing = (error.name or "").partition(".")[0]
    if missing.startswith("orchestra"):
        return None
    from orchestra_cli.errors import CliNotInstalledError

    return CliNotInstalledError(
        f"the command line needs `{missing}`, which is not installed",
        hint="pip install 'orchestra-framework[cli]'",
    )


def _internal(error: Exception) -> OrchestraError:
    from orchestra_cli.errors import InternalError

    sentence = str(error).strip().partition("\n")[0]
    return InternalError(
        f"{type(error).__name__}: {sentence}" if sentence else type(error).__name__,
        hint="This is a defect of orchestra; --debug shows where it happened.",
    )
