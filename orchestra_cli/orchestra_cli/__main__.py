"""Where the command line begins: what needs no command is answered before one is imported."""

import sys
from os import environ


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code (spec: 0, 1, 2, 3, 4, 124, 130)."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        return _answer(arguments)
    except (KeyboardInterrupt, Exception) as error:  # noqa: BLE001 - the last resort of the program
        from orchestra_cli.app import reported

        return reported(error, arguments)


def _answer(arguments: list[str]) -> int:
    shell = environ.get("_ORCHESTRA_COMPLETE")
    if shell:
        from orchestra_cli.completion import complete

        return _print(complete(shell, arguments))
    if arguments == ["--version"]:
        return _print(f"orchestra {_version()}\n")
    if arguments in (["--help"], ["-h"]):
        from orchestra_cli.help import main_help
        from orchestra_cli.terminal import width

        return _print(main_help(width()))
    text = _from_memory(arguments)
    if text is not None:
        return _print(text)
    if arguments and arguments[0] in ("lint", "scan", "migrate"):
        from orchestra_cli.answers import recall

        answer = recall(arguments)
        if answer is not None:
            return _say_again(*answer)
    return _command(arguments)


def _say_again(said: "list[tuple[str, str]]", code: int) -> int:
    from orchestra_cli.terminal import write_error, write_out

    for stream, text in said:
        (write_out if stream == "out" else write_error)(text)
    return code


def _from_memory(arguments: list[str]) -> str | None:
    if arguments[-1:] in (["--help"], ["-h"]):
        from orchestra_cli.fast_help import command_help

        return command_help(arguments[:-1])
    if arguments[:1] == ["list"]:
        from orchestra_cli.fast_list import cached_list

        return cached_list(arguments[1:])
    return None


def _command(arguments: list[str]) -> int:
    import gc

    from orchestra_cli.app import run

    try:
        return run(arguments)
    finally:
        # What is alive now stays so until the process ends: looking through it once more finds nothing.
        gc.freeze()


def _version() -> str:
    from orchestra._version import __version__

    return __version__


def _print(text: str) -> int:
    from orchestra_cli.terminal import write_out

    write_out(text)
    return 0


def _leave_working_directory_out() -> None:
    """Undo what `python -m` does to the path: a `rich/` or `typer/` of the user's must not become ours."""
    import os

    if sys.path and not sys.flags.safe_path and sys.path[0] in ("", os.getcwd()):  # noqa: PTH109
        del sys.path[0]


if __name__ == "__main__":
    _leave_working_directory_out()
    sys.exit(main())
