"""What can go wrong in the use of the command line; usage errors exit with 2."""

from __future__ import annotations

from orchestra.errors import OrchestraError


class UsageError(OrchestraError):
    """The command line was used in a way that it does not understand.

    `orchestra COMMAND --help` shows what the command takes.
    """

    code = "usage"


class UnknownCommandError(UsageError):
    """There is no command of that name. `orchestra --help` lists all of them."""

    code = "unknown-command"


class UnknownOptionError(UsageError):
    """The command has no such option. `orchestra COMMAND --help` lists the options it has.

    A value that begins with a hyphen goes behind `--`, or is joined to its option with `=`.
    """

    code = "unknown-option"


class MissingValueError(UsageError):
    """An argument or an option's value is missing."""

    code = "missing-value"


class InvalidValueError(UsageError):
    """An argument or option has a value that it cannot take."""

    code = "invalid-value"


class CliNotInstalledError(OrchestraError):
    """The framework is installed without what the command line needs.

    Production needs the framework alone; Typer, rich, libcst and the rest come with the extra `cli`:

        pip install 'orchestra-framework[cli]'
    """

    code = "cli-not-installed"


class UnknownCodeError(UsageError):
    """`orchestra explain` was asked for a code that nothing has."""

    code = "unknown-code"


class UnknownOrchestratorError(UsageError):
    """No orchestrator of that name is registered in the project.

    `orchestra list` shows the names. A legacy class that was not migrated yet is not registered:
    `orchestra scan` shows those.
    """

    code = "unknown-orchestrator"


class EmptyProjectError(UsageError):
    """There is nothing in the project that the command could work on, such as a root without Python files.

    Often the root is not the one that was meant (`--root DIR`), or `source-roots` or `exclude` leave
    everything out.
    """

    code = "empty-project"


class OutsideRootError(UsageError):
    """A path lies outside the project's root, directly or through a symbolic link.

    Nothing outside the root is read as source or written. `--root DIR` names another root.
    """

    code = "outside-root"


class NotInitialisedError(UsageError):
    """The project has no `[tool.orchestra]` or no orchestrator package yet. `orchestra init` writes both."""

    code = "not-initialised"


class InternalError(OrchestraError):
    """Something failed that should not be able to fail: a defect of this program, exit code 3.

    `--debug` shows the traceback. Files are written through a journal, so that an error in between is
    finished by `orchestra resume` or taken back by `orchestra undo`.
    """

    code = "internal"
    exit_code = 3
