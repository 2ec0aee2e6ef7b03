"""The guide's decision tree: three questions; the first that is answered with yes gives the layer."""

from __future__ import annotations

import sys

from orchestra_cli.errors import MissingValueError, UsageError
from orchestra_cli.terminal import is_terminal, write_error

QUESTIONS: tuple[tuple[str, str, str], ...] = (
    (
        "infrastructure",
        "Does it keep the system itself running: resilience, health, telemetry, resources?",
        "it manages a concern of infrastructure, with background tasks and a lifecycle",
    ),
    (
        "application",
        "Does it bring several components together: feedback, routing, shared state?",
        "it coordinates components, with dependencies that are loaded when they are needed",
    ),
    (
        "domain",
        "Does it carry out business logic: a workflow, an analysis, a task, a fallback?",
        "it says what is to be done, and keeps nothing between two calls",
    ),
)


class NoLayerError(UsageError):
    """None of the guide's three layers fits, so that it may not be an orchestrator at all."""

    code = "no-layer"


def decide_layer(name: str) -> tuple[str, str]:
    """Ask a person and return the layer with the reason.

    Raises MissingValueError where nobody can be asked, and NoLayerError where every answer is no.
    """
    if not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
        raise MissingValueError(
            f"`orchestra new {name}` needs the layer as well",
            hint=f"`orchestra new domain {name}` for business logic, `application` for coordination across "
            "components, `infrastructure` for resilience and monitoring.",
        )
    for layer, question, reason in QUESTIONS:
        if _is_yes(question):
            return layer, reason
    raise NoLayerError(
        f"`{name}` belongs to none of the three layers",
        hint="It may be a plain class or function. `orchestra new domain NAME` makes an orchestrator of it.",
    )


def _is_yes(question: str) -> bool:
    while True:
        write_error(f"{question} [y/N] ")
        line = sys.stdin.readline()
        if not line:
            raise KeyboardInterrupt
        answer = line.strip().lower()
        if answer in ("", "n", "no"):
            return False
        if answer in ("y", "yes"):
            return True
        write_error("Please answer y or n.\n")
