"""Options that several commands have, so that they are called and explained alike."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

OutputFormat = Annotated[
    Literal["text", "json"], typer.Option("--output-format", help="How the result is printed.")
]
AllowDirty = Annotated[
    bool,
    typer.Option("--allow-dirty", help="Edit files with uncommitted changes, or unknown to git."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")]
Diff = Annotated[bool, typer.Option("--diff", help="Show the difference for each file, and write nothing.")]
Check = Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 if something would change.")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Neither read nor write the cache.")]
Warnings = Annotated[
    list[Path] | None,
    typer.Option(metavar="FILE", help="What a test or production run wrote or printed; repeatable."),
]
Keep = Annotated[
    list[str] | None,
    typer.Option("--keep", metavar="PATH", help="Leave this file as it is; may be given several times."),
]
Trust = Annotated[
    list[str] | None,
    typer.Option("--trust-journal", metavar="ID", help="Accept a journal that your key did not seal."),
]
Store = Annotated[
    str | None,
    typer.Option(
        metavar="URL", help="sqlite:///FILE or postgresql://…; otherwise `store` of the settings, or a file."
    ),
]
