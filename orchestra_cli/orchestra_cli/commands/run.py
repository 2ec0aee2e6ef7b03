"""Invokes an orchestrator."""

from __future__ import annotations

from typing import Annotated, Literal

from orchestra_cli.options import OutputFormat, Store
from orchestra_cli.parameters import Argument, Option
from orchestra_cli.session import Session


def command(
    session: Session,
    name: Annotated[str, Argument(help="The orchestrator, as `orchestra list` names it.")],
    *,
    operation: Annotated[
        str | None, Option(metavar="OP", help="Which operation; a sole one needs no naming.")
    ] = None,
    parameter: Annotated[
        list[str] | None,
        Option("--param", "-p", metavar="KEY=VALUE", help="A parameter; may be given several times."),
    ] = None,
    params: Annotated[
        str | None,
        Option(metavar="JSON|@FILE|-", help="Parameters as a JSON object, from a file or from stdin."),
    ] = None,
    tenant: Annotated[str | None, Option(metavar="T", help="The tenant. [default: cli]")] = None,
    request_id: Annotated[
        str | None, Option(metavar="ID", help="The request's id. [default: a new one]")
    ] = None,
    idempotency_key: Annotated[
        str | None, Option(metavar="KEY", help="What a durable backend tells repetitions by.")
    ] = None,
    metadata: Annotated[
        list[str] | None,
        Option(metavar="KEY=VALUE", help="Metadata of the context; may be given several times."),
    ] = None,
    timeout: Annotated[
        float | None, Option(metavar="SECONDS", help="Stop after that long; exit code 124.")
    ] = None,
    backend: Annotated[
        Literal["local", "durable"],
        Option(help="Where it runs: here, or on a store that outlives the process."),
    ] = "local",
    store: Store = None,
    detach: Annotated[
        bool, Option("--detach", help="With --backend durable: enqueue it for a worker, print its id.")
    ] = False,
    explain: Annotated[
        bool, Option("--explain", help="Show its operations and what they take; run nothing.")
    ] = False,
    output_format: OutputFormat = "text",
) -> int:
    """Run an orchestrator with its whole lifecycle.

    The project's own interpreter builds the facade, runs the operation and closes everything. What the
    project prints goes to stderr, the result to stdout. Values are read as the operation's annotations say;
    without one, as JSON, else as text. What a stream yields is printed as it comes. A failed result is exit
    code 4, an unknown operation or a parameter that does not fit 2. Ctrl-C stops it with its clean-up, a
    second one at once.

    `orchestra run NAME --help` and `--explain` show the operations with their parameters.

        orchestra run content_analysis -p url=https://example.org -p depth=deep
        orchestra run feedback --operation submit_signal --params '{"component": "a", "value": 42}'
        orchestra run nightly --params @nightly.json --timeout 60
        orchestra run orders --operation place -p id=7 --backend durable --idempotency-key order-7
    """
    from orchestra_cli.invocation import Invocation, invoke
    from orchestra_cli.invocation import explain as show_operations

    if explain:
        return show_operations(session, name, output_format)
    invocation = Invocation(
        name=name,
        operation=operation,
        parameters=tuple(parameter or ()),
        params=params,
        tenant=tenant,
        request_id=request_id,
        idempotency_key=idempotency_key,
        metadata=tuple(metadata or ()),
        timeout=timeout,
        backend=backend,
        store=store,
        detaches=detach,
    )
    return invoke(session, invocation, output_format)


def hint_for_stray(words: str) -> str:
    """Return how parameters and operations are given, to whoever wrote them behind the name."""
    if "=" in words:
        return "Parameters are options: " + " ".join(f"-p {word}" for word in words.split() if "=" in word)
    return f"An operation is an option: --operation {words.split(maxsplit=1)[0]}"


def more_help(session: Session, name: str, **given: object) -> int:
    """Show, below the help of `run`, what the operations of an orchestrator take."""
    from orchestra_cli.invocation import explain

    del given
    return explain(session, name, "text")
