"""Options that several commands have, so that they are called and explained alike."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from orchestra_cli.parameters import Option
from orchestra_cli.session import Session

OutputFormat = Annotated[
    Literal["text", "json"], Option("--output-format", help="How the result is printed.")
]
AllowDirty = Annotated[
    bool,
    Option("--allow-dirty", help="Edit files with uncommitted changes, or unknown to git."),
]
DryRun = Annotated[bool, Option("--dry-run", help="Say what would be done, and write nothing.")]
Diff = Annotated[bool, Option("--diff", help="Show the difference for each file, and write nothing.")]
Check = Annotated[bool, Option("--check", help="Write nothing; exit 1 if something would change.")]
NoCache = Annotated[bool, Option("--no-cache", help="Neither read nor write the cache.")]
Warnings = Annotated[
    list[Path] | None,
    Option(metavar="FILE", help="What a test or production run wrote or printed; repeatable."),
]
Keep = Annotated[
    list[str] | None,
    Option("--keep", metavar="PATH", help="Leave this file as it is; may be given several times."),
]
Trust = Annotated[
    list[str] | None,
    Option("--trust-journal", metavar="ID", help="Accept a journal that your key did not seal."),
]
Store = Annotated[
    str | None,
    Option(
        metavar="URL", help="sqlite:///FILE or postgresql://…; otherwise `store` of the settings, or a file."
    ),
]


def common_options(
    root: Annotated[
        Path | None, Option(metavar="DIR", help="The project's root; otherwise found upwards from here.")
    ] = None,
    quiet: Annotated[bool, Option("--quiet", "-q", help="Print the result and errors only.")] = False,
    verbose: Annotated[bool, Option("--verbose", "-v", help="Say more on stderr.")] = False,
    debug: Annotated[bool, Option("--debug", help="Show the traceback of an error.")] = False,
) -> Session:
    """Return the session that these options make; they may stand before and behind the command."""
    return Session(root=root, is_quiet=quiet, is_verbose=verbose, is_debugging=debug)
