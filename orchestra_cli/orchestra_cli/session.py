"""One run of a command: its common options, and what it says to whom."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestra_cli.terminal import is_terminal, style_of, write_error, write_out

if TYPE_CHECKING:
    from orchestra_cli.report import Report
    from orchestra_codemods.config import Config, Located
    from orchestra_codemods.project import Project


class Session:
    """The options that every command has. Results go to stdout, narration to stderr.

    A plain class: making a dataclass costs half a millisecond, at every start.
    """

    __slots__ = ("is_debugging", "is_quiet", "is_verbose", "root", "said")

    def __init__(
        self,
        *,
        root: Path | None = None,
        is_quiet: bool = False,
        is_verbose: bool = False,
        is_debugging: bool = False,
    ) -> None:
        self.root = root
        self.is_quiet = is_quiet
        self.is_verbose = is_verbose
        self.is_debugging = is_debugging
        self.said: list[tuple[str, str]] = []

    def locate(self) -> Located:
        """Return the project that `--root` or the working directory means. Raises ConfigError."""
        from orchestra_codemods.config import locate
        from orchestra_codemods.config.find import look_in

        if self.root is None:
            return locate(Path.cwd())
        if not self.root.is_dir():
            from orchestra_cli.errors import InvalidValueError

            raise InvalidValueError(
                f"--root {self.root} is not a folder", hint="Name the folder that holds pyproject.toml."
            )
        found: Located | None = look_in(self.root.resolve())
        return found if found is not None else _missing_in(self.root)

    def configured(self, **options: Any) -> tuple[Path, Config]:
        """Return the project's root and its settings; ``options`` win over file and environment."""
        from orchestra_codemods.config import load

        located = self.locate()
        return located.root, load(located, options=options)

    def narrate(self, text: str) -> None:
        """Say on stderr what is going on, unless `--quiet`."""
        if not self.is_quiet:
            self._say_aside(f"{text}\n")

    def detail(self, text: str) -> None:
        """Say on stderr what only `--verbose` wants to know."""
        if self.is_verbose:
            self._say_aside(f"{text}\n")

    def warn(self, text: str) -> None:
        """Say on stderr what a person should know even with `--quiet`."""
        self._say_aside(f"{style_of(sys.stderr).yellow('warning')}: {text}\n")

    def show(self, report: Report, output_format: str) -> None:
        """Print a result in the format that was asked for."""
        from importlib import import_module

        form = import_module(f"orchestra_cli.formats.{output_format}")
        text = form.render(report, style_of(sys.stdout))
        self.said.append(("out", text))
        write_out(text)

    def remember(self, project: Project, code: int) -> None:
        """Keep all that was said, to be said again by the same command on an unchanged project."""
        from orchestra_cli.answers import is_repeatable, remember

        words = sys.argv[1:]
        if is_repeatable(words):
            paths = [*project.sources, *(one.path for one in project.skipped)]
            remember(words, str(project.root), paths, self.said, code)

    def _say_aside(self, text: str) -> None:
        self.said.append(("err", text))
        write_error(text)

    @contextmanager
    def progress(self, what: str) -> Iterator[None]:
        """Show that something goes on, once it has taken a second, where a person looks at stderr."""
        if self.is_quiet or not is_terminal(sys.stderr) or not style_of(sys.stderr).is_coloured:
            yield
            return
        from orchestra_cli.progress import after_a_second

        with after_a_second(what):
            yield


def _missing_in(folder: Path) -> Located:
    from orchestra_codemods.config import ConfigNotFoundError

    raise ConfigNotFoundError(
        f"no pyproject.toml or orchestra.toml in {folder}",
        hint="An empty pyproject.toml marks the root of the project.",
        folder=str(folder),
    )
