"""Draws which orchestrators use which."""

from __future__ import annotations

from typing import Annotated, Literal

from orchestra_cli.options import OutputFormat
from orchestra_cli.parameters import Option
from orchestra_cli.session import Session


def command(
    session: Session,
    *,
    form: Annotated[
        Literal["mermaid", "html"],
        Option("--format", help="Text for Mermaid, or one page for a browser."),
    ] = "mermaid",
    output_format: OutputFormat = "text",
) -> int:
    """Draw the orchestrators by layer and who calls whom.

    Registered orchestrators stand in their layer, legacy ones in the layer that a scan proposes. An arrow is
    an import, a module named in a string, or a name that the facade is asked for. What a layer may not use
    is red; imports for type checkers do not count.

        orchestra graph
        orchestra graph --format html > graph.html
    """
    from orchestra_cli.inventory import taken, warn_of_problems
    from orchestra_cli.registered.read import read_registered
    from orchestra_cli.relations.find import find_relations
    from orchestra_cli.reports.graph import GraphReport

    root, config = session.configured()
    with session.progress("Scanning"):
        project, inventory = taken(root, config)
        rows = read_registered(root, config).orchestrators
        graph = find_relations(project, rows, inventory, config)
    warn_of_problems(session, inventory)
    session.show(GraphReport(graph, form), output_format)
    return 0
