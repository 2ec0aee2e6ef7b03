"""What can go wrong in the use of the command line; usage errors exit with 2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.errors import OrchestraError

if TYPE_CHECKING:
    from orchestra_codemods.change import Refusal


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


class ConflictingOptionsError(UsageError):
    """Two options, or an option and an argument, say different things about the same."""

    code = "conflicting-options"


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


class NoPackageError(UsageError):
    """The project has no package for orchestrators yet. `orchestra init` writes it."""

    code = "no-orchestrator-package"


class OutputNotWritableError(OrchestraError):
    """The result could not be written to where it was sent, for example because the disk is full.

    What the command did to the project is done nevertheless: `orchestra history` shows it.
    """

    code = "output-not-writable"

    @classmethod
    def of(cls, error: OSError) -> OutputNotWritableError:
        """Say it with the system's reason."""
        return cls(
            f"the result cannot be written to stdout: {error.strerror}",
            hint="Send it elsewhere, or make room.",
        )


class InternalError(OrchestraError):
    """Something failed that should not be able to fail: a defect of this program, exit code 3.

    `--debug` shows the traceback. Files are written through a journal, so that an error in between is
    finished by `orchestra resume` or taken back by `orchestra undo`.
    """

    code = "internal"
    exit_code = 3


class GitFailedError(OrchestraError):
    """git could not say whether files have uncommitted changes.

    Files that git cannot give back are not edited unasked. `--allow-dirty` goes ahead without its word.
    """

    code = "git-failed"


class UncommittedChangesError(OrchestraError):
    """Files that would be edited have uncommitted changes, or git does not track them.

    Git could not give them back. Commit them, or pass `--allow-dirty`; `orchestra undo` takes back the change
    either way.
    """

    code = "uncommitted-changes"


class AlreadyInitialisedError(UsageError):
    """The project was initialised with another package or result module than is asked for now.

    Change the setting in the file by hand, or leave the option out.
    """

    code = "already-initialised"


class SettingsNotEditableError(OrchestraError):
    """The settings file is written in a way that cannot be extended without touching the rest of it."""

    code = "settings-not-editable"


class PackageHidesModuleError(UsageError):
    """A package that would be written has the name of a module beside it.

    Of `core.py` and `core/` in one folder Python imports the folder: every import of the module would break.
    """

    code = "package-hides-module"


class ChangeRefusedError(OrchestraError):
    """The files are not in the state that the change was planned for, so nothing of it was written.

    Each refused file is listed with its own code, which `orchestra explain` knows too.
    """

    code = "change-refused"

    @classmethod
    def of(cls, refusal: Refusal, count: int) -> ChangeRefusedError:
        """Say it with the first refusal, whose code becomes that of the error."""
        more = f" (and {count - 1} more)" if count > 1 else ""
        made = cls(f"{refusal.path}: {refusal.why}{more}", hint=refusal.what_to_do)
        made.__dict__["code"] = refusal.unit
        return made


class RuntimeNotInstalledError(OrchestraError):
    """The project's interpreter has no framework, or one of another protocol.

    Code of the project runs with the interpreter of `[tool.orchestra] python`, by default the one that runs
    the command line. The framework must be installed there; the hint is the exact command.
    """

    code = "runtime-not-installed"


class InterpreterNotFoundError(UsageError):
    """The interpreter of `[tool.orchestra] python` does not exist or cannot be executed."""

    code = "interpreter-not-found"


class ProjectCodeError(OrchestraError):
    """The project's own code failed before the orchestrator could run, most often while it was imported.

    `--debug` shows its traceback. Where it is an error of the framework it has that error's code.
    """

    code = "project-code-failed"
    exit_code = 4

    @classmethod
    def named(cls, *, code: str, message: str, hint: str, traceback: str) -> ProjectCodeError:
        """Pass on an error of the child process: one of the framework under its own code, as misuse (2)."""
        made = cls(message, hint=hint or "--debug shows where it happened.", traceback=traceback)
        if code != cls.code:
            made.__dict__.update(code=code, exit_code=2)
        return made


class ProjectCodeEndedError(OrchestraError):
    """The project's code ended its process before there was a result, with `sys.exit()` or a crash."""

    code = "project-code-ended"
    exit_code = 4


class OrchestratorTimeoutError(OrchestraError):
    """The orchestrator was not done within `--timeout` seconds and was stopped; exit code 124.

    It is cancelled and its cleanup runs; code that blocks its event loop is killed.
    """

    code = "timeout"
    exit_code = 124


class RunNotServedError(OrchestraError):
    """A run was enqueued, and none of the workers that are alive has its orchestrator in its version.

    Nothing is lost: the run waits in the store, under the id on stdout, until a worker that has it starts.
    Most often the workers run another project, or were not restarted after a change; then
    `orchestra runs resume ID --on-version V` moves it to the version that they have.
    """

    code = "run-not-served"
    exit_code = 1


class MalformedParameterError(UsageError):
    """A parameter on the command line is not of the form KEY=VALUE, or `--params` is not a JSON object."""

    code = "malformed-parameter"


class DemoNotInstalledError(OrchestraError):
    """The demonstration runs the legacy application's own tests, which need pytest.

    pip install 'orchestra-framework[demo]'
    """

    code = "demo-not-installed"
