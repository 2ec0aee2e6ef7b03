"""Runs one command, and turns whatever goes wrong into an error with a code, a hint and an exit code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

from orchestra.errors import OrchestraError
from orchestra_cli.terminal import style_of, write_error

USAGE = 2
INTERRUPTED = 130
_SELDOM = 10_000


def run(arguments: list[str]) -> int:
    """Run the command that the arguments name, and return its exit code. Raises whatever goes wrong."""
    # Collecting garbage while modules load finds none and costs a tenth of the start; a command loads more.
    gc.set_threshold(_SELDOM)
    gc.disable()
    try:
        perform = _found(arguments)
    finally:
        gc.freeze()
        gc.enable()
    return perform()


def reported(error: BaseException, arguments: list[str]) -> int:
    """Say what went wrong, with its code and its hint, and return the exit code."""
    if isinstance(error, KeyboardInterrupt):
        write_error(f"{str(error) or 'interrupted'}\n")
        return INTERRUPTED
    if "--debug" in arguments:
        import traceback

        write_error(getattr(error, "traceback", "") or "".join(traceback.format_exception(error)))
    known = error if isinstance(error, OrchestraError) else _not_installed(error) or _internal(error)
    show_error(known)
    return int(getattr(known, "exit_code", USAGE))


def show_error(error: OrchestraError) -> None:
    """Print an error as `error[code]: sentence.` with its hint below."""
    style = style_of(sys.stderr)
    sentence = error.message if error.message.endswith((".", "?", "!")) else f"{error.message}."
    write_error(f"{style.red(f'error[{error.code}]')}: {sentence}\n")
    if error.hint:
        write_error(f"{style.cyan('hint')}: {error.hint}\n")


def _found(arguments: list[str]) -> Callable[[], int]:
    from orchestra_cli.reading import read

    call = read(arguments)
    if call is not None:
        return call.perform
    from orchestra_cli import typed

    return lambda: typed.perform(arguments)


def _not_installed(error: BaseException) -> OrchestraError | None:
    """Return the error for a library of the extra `cli` that is missing; None where it is something else."""
    missing = (getattr(error, "name", None) or "").partition(".")[0]
    if not isinstance(error, ModuleNotFoundError) or missing.startswith("orchestra"):
        return None
    from orchestra_cli.errors import CliNotInstalledError

    return CliNotInstalledError(
        f"the command line needs `{missing}`, which is not installed",
        hint="pip install 'orchestra-framework[cli]'",
    )


def _internal(error: BaseException) -> OrchestraError:
    from orchestra_cli.errors import InternalError

    sentence = str(error).strip().partition("\n")[0]
    return InternalError(
        f"{type(error).__name__}: {sentence}" if sentence else type(error).__name__,
        hint="This is a defect of orchestra; --debug shows where it happened.",
    )
