"""Takes orchestrators through the five steps of their life."""

from __future__ import annotations

from typing import Annotated

from orchestra_cli.options import OutputFormat
from orchestra_cli.parameters import Argument, Option
from orchestra_cli.session import Session


def command(
    session: Session,
    names: Annotated[
        list[str] | None, Argument(metavar="NAME", help="Which, as `orchestra list` names them.")
    ] = None,
    *,
    everything: Annotated[bool, Option("--all", help="All that are registered.")] = False,
    timeout: Annotated[
        float, Option(metavar="SECONDS", help="How long each step may take. [default: 60]")
    ] = 60.0,
    output_format: OutputFormat = "text",
) -> int:
    """Take orchestrators through import, instantiation, registration, execution and cleanup.

    Each in a process of its own, with the project's own interpreter and wiring. Only operations that are
    marked `@operation(safe_to_verify=True)`, or named in the setting `safe-to-verify`, are executed, since
    verifying must not deploy anything. Without one it is four of the five steps, and says so. A step that
    fails, or a task that is left behind, is exit code 1.

        orchestra verify content_analysis
        orchestra verify --all --output-format json
    """
    from orchestra_cli.verification import verify

    return verify(session, tuple(names or ()), is_all=everything, limit=timeout, output_format=output_format)
