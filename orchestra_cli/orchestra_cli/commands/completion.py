"""Prints the completion script of a shell."""

from __future__ import annotations

from typing import Annotated, Literal

from orchestra_cli.parameters import Argument
from orchestra_cli.session import Session
from orchestra_cli.terminal import write_out


def command(
    session: Session,
    shell: Annotated[
        Literal["bash", "zsh", "fish"], Argument(metavar="SHELL", help="The shell: bash, zsh or fish.")
    ],
) -> int:
    """Print the completion script for a shell.

    It completes commands, options, their values, orchestrator names and codes.

        orchestra completion bash >> ~/.bashrc
        orchestra completion zsh > ~/.zfunc/_orchestra
        orchestra completion fish > ~/.config/fish/completions/orchestra.fish
    """
    from orchestra_cli.completion import script

    del session
    write_out(script(shell))
    return 0
