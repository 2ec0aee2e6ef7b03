"""Where the command line begins: what needs no command is answered before one is imported."""

import sys
from os import environ

INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code (spec: 0, 1, 2, 3, 4, 124, 130)."""
    try:
        return _answer(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:  # while modules were loading, before a command could say it better
        sys.stderr.write("interrupted\n")
        return INTERRUPTED


def _answer(arguments: list[str]) -> int:
    shell = environ.get("_ORCHESTRA_COMPLETE")
    if shell:
        from orchestra_cli.completion import complete

        return _print(complete(shell, arguments))
    if arguments == ["--version"]:
        return _print(f"orchestra {_version()}\n")
    if arguments in (["--help"], ["-h"]):
        from orchestra_cli.help import main_help, width

        return _print(main_help(width()))
    if arguments and arguments[0] in ("lint", "scan", "migrate"):
        from orchestra_cli.answers import recall

        answer = recall(arguments)
        if answer is not None:
            return _say_again(*answer)
    text = _from_memory(arguments)
    return _command(arguments) if text is None else _print(text)


def _say_again(said: "list[tuple[str, str]]", code: int) -> int:
    for stream, text in said:
        if stream == "err":
            sys.stderr.write(text)
        elif _print(text):
            return 2
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
    if sys.stdout is None:  # closed before we began, with `>&-`
        return 0
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        import os

        # Whatever is still in the buffer would fail again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if not isinstance(error, BrokenPipeError):
            from orchestra_cli.app import show_error
            from orchestra_cli.errors import OutputNotWritableError

            show_error(OutputNotWritableError.of(error))
            return 2
    return 0


def _leave_working_directory_out() -> None:
    """Undo what `python -m` does to the path: a `rich/` or `typer/` of the user's must not become ours."""
    import os

    if sys.path and not sys.flags.safe_path and sys.path[0] in ("", os.getcwd()):  # noqa: PTH109
        del sys.path[0]


if __name__ == "__main__":
    _leave_working_directory_out()
    sys.exit(main())
