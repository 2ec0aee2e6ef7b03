"""Explains a code."""

from __future__ import annotations

from typing import Annotated

from orchestra_cli.options import OutputFormat
from orchestra_cli.parameters import Argument
from orchestra_cli.session import Session


def command(
    session: Session,
    code: Annotated[str, Argument(metavar="CODE", help="What stands in `error[…]` or `refused[…]`.")],
    *,
    output_format: OutputFormat = "text",
) -> int:
    """Say what an error or a rule means and what to do.

    CODE is what stands in brackets behind `error` and `refused`; docs/reference/errors.md has all of them.

        orchestra explain config-not-found
    """
    from orchestra_cli.codes import all_codes
    from orchestra_cli.errors import UnknownCodeError
    from orchestra_cli.reports.explanation import Explanation
    from orchestra_cli.suggest import did_you_mean

    known = all_codes()
    wanted = code.strip().removesuffix("]").rpartition("[")[2]
    if wanted not in known:
        wanted = wanted.partition(":")[0]  # migrate:NAME
    if wanted not in known:
        raise UnknownCodeError(
            f"nothing has the code `{wanted}`",
            hint=did_you_mean(wanted, known, f"There are {len(known)} codes."),
        )
    session.show(Explanation(known[wanted]), output_format)
    return 0
