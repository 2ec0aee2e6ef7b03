"""Run the tests of a project as it is and as a plan would make it, and see that the runs mean something."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from orchestra.errors import OrchestraError
from orchestra_cli.errors import RuntimeNotInstalledError
from orchestra_cli.proving.command import Command
from orchestra_cli.proving.outcomes import PASSED, Run
from orchestra_cli.proving.scratch import is_environment, scratch_copy, state_of
from orchestra_cli.user_code import interpreter
from orchestra_codemods.change import Change, Plan
from orchestra_codemods.names import names_of

if TYPE_CHECKING:
    from orchestra_cli.session import Session
    from orchestra_codemods.project import Project

LONGER = 5
"""How many times as long as before the tests may take after."""

LEAST = 60.0
"""Seconds that they may take in any case."""

_NAMED = 5


class TestCommandFailedError(OrchestraError):
    """The test command fails before anything is migrated, or does not end in time, and proves nothing.

    Its last lines are above. A command that reports its tests one by one (pytest does) may have failing ones
    among others that pass; any other has to succeed. `--test-timeout` gives it more time.
    """

    code = "test-command-failed"


class TestCommandWroteError(OrchestraError):
    """The test command wrote into the project itself, though it ran in a copy, by an absolute path.

    Nothing was migrated. What it wrote is named; look at it with `git status`. Let it write beside its own
    files, or to a temporary folder.
    """

    code = "test-command-wrote"


class ProofNotEstablishedError(OrchestraError):
    """The tests ran, and say nothing about what would be changed: they did not load it from the copy.

    Most often the project is installed in the environment in a way that comes before `PYTHONPATH`, or the
    command runs no Python of this project at all. Nothing was migrated: leave `--test-command` out for a
    migration that is proven by its syntax alone.
    """

    code = "proof-not-established"
    exit_code = 1


@dataclass(frozen=True, slots=True)
class Trial:
    """Runs one command in copies of one project; ``timeout`` is in seconds."""

    session: Session
    command: Command
    timeout: float

    def before(self) -> Run:
        """Run it on the project as it is.

        Raises TestCommandFailedError, TestCommandWroteError, RuntimeNotInstalledError and InvalidValueError.
        """
        _require_runtime(self.command)
        self.session.narrate(f"Running `{self.command.text}` in a copy, as it is.")
        with scratch_copy(self.command.root) as copy:
            made = self._run(copy, self.timeout)
        _check_before(self.session, made, self.command.text)
        return made

    def after(self, project: Project, plan: Plan, before: Run) -> Run:
        """Run it on the project with a plan carried out; the modules of the run are paths in the project.

        Raises ProofNotEstablishedError and TestCommandWroteError.
        """
        files = "1 file" if len(plan.changes) == 1 else f"{len(plan.changes)} files"
        self.session.narrate(f"Running `{self.command.text}` in a copy with {files} changed.")
        timeout = min(self.timeout, max(LEAST, LONGER * before.seconds))
        with scratch_copy(self.command.root, plan.changes) as copy:
            made = self._run(copy, timeout)
            _require_own(project, copy, made, plan.changes)
            return replace(made, modules=_relative(made, copy))

    def _run(self, copy: Path, timeout: float) -> Run:
        state = state_of(self.command.root)
        made = self.command.run(copy, timeout)
        now = state_of(self.command.root)
        written = sorted(path for path in {*state, *now} if state.get(path) != now.get(path))
        if written:
            raise TestCommandWroteError(
                f"the test command wrote into the project: {', '.join(written[:_NAMED])}",
                hint="It ran in a copy, so it does that by an absolute path. Nothing was migrated.",
                paths=tuple(written),
            )
        return made


def _check_before(session: Session, before: Run, text: str) -> None:
    """Raise TestCommandFailedError where a run says nothing that another could be compared with."""
    if before.exit_code == 0 or (before.exit_code == 1 and PASSED in before.tests.values()):
        return
    session.warn(f"the last lines of `{text}`:\n{before.output}")
    if before.exit_code is None:
        raise TestCommandFailedError(
            f"`{text}` was not done after {before.seconds:.0f} s, before anything was migrated",
            hint="Give it more with --test-timeout, or a smaller part of the tests.",
        )
    raise TestCommandFailedError(
        f"`{text}` {before.ending} before anything was migrated",
        hint="It has to work on the project as it is. It runs in a copy of it, without .git.",
    )


def _require_runtime(command: Command) -> None:
    """Raise RuntimeNotInstalledError where migrated code could not run at all."""
    from orchestra._version import __version__

    python = interpreter(command.root, command.config)
    # Isolated: what is in the project's folders is not what is installed.
    done = subprocess.run([python, "-I", "-c", "import orchestra.moved"], capture_output=True, check=False)
    if done.returncode:
        raise RuntimeNotInstalledError(
            f"the framework is not usable with {python}",
            hint=f"{python} -m pip install 'orchestra-framework=={__version__}'",
        )


def _is_of(root: Path, path: Path) -> bool:
    """Tell whether a file is one of a project's own, not of an environment inside it."""
    if not path.is_relative_to(root):
        return False
    folders = [folder for folder in path.parents if folder.is_relative_to(root)]
    return not any(is_environment(str(folder)) for folder in folders)


def _require_own(project: Project, copy: Path, run: Run, changes: Iterable[Change]) -> None:
    """Raise ProofNotEstablishedError where a module of the project came from elsewhere than the copy."""
    root = project.root.resolve()
    index = names_of(project).index
    own = {module.name for change in changes for module in index.modules(change.path)}
    for name, file in sorted(run.modules):
        path = Path(file)
        if path.is_relative_to(copy):
            continue
        if name in own or _is_of(root, path):
            raise ProofNotEstablishedError(
                f"`{name}` was loaded from {file}, not from the copy that would be changed",
                hint="Let the command use an environment in which the project is not installed, or is "
                "found by its path. Nothing was migrated.",
            )


def _relative(run: Run, copy: Path) -> frozenset[tuple[str, str]]:
    inside = ((name, Path(file)) for name, file in run.modules)
    return frozenset(
        (name, path.relative_to(copy).as_posix()) for name, path in inside if path.is_relative_to(copy)
    )
