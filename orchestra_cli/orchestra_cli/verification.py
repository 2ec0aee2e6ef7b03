"""`orchestra verify`: each orchestrator in a process of its own, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from orchestra_cli.errors import (
    InvalidValueError,
    MissingValueError,
    ProjectCodeEndedError,
    ProjectCodeError,
    UnknownOrchestratorError,
)
from orchestra_cli.listing import no_package
from orchestra_cli.registered.model import Registered
from orchestra_cli.registered.read import read_registered
from orchestra_cli.reports.verification import VerificationReport
from orchestra_cli.session import Session
from orchestra_cli.suggest import did_you_mean, listed
from orchestra_cli.user_code import TimedOut, ask
from orchestra_codemods.config import Config

FAILED = 1

STEPS = 5
"""How many steps there are; the child is given so many times the limit of one."""


def verify(session: Session, names: Sequence[str], *, is_all: bool, limit: float, output_format: str) -> int:
    """Verify what was asked for and return the exit code: 0, or 1 where a step failed or a task is left.

    Raises MissingValueError, InvalidValueError, UnknownOrchestratorError, NoPackageError, and what `ask`
    raises where the project cannot be run at all.
    """
    if bool(names) == is_all:
        given = "both names and --all were given" if is_all else "`orchestra verify` needs NAME or --all"
        raise MissingValueError(given, hint="`orchestra list` shows the names.")
    if not 0 < limit < float("inf"):
        raise InvalidValueError(
            f"--timeout cannot be `{limit:g}`: it should be more than zero", hint="Give seconds."
        )
    root, config = session.configured()
    rows = _wanted(root, config, names)
    results = []
    for row in rows:
        session.narrate(f"Verifying `{row.name}` with the project's own code.")
        with session.progress(f"Verifying {row.name}"):
            results.append({"name": row.name, **verified(root, config, row, limit=limit)})
    session.show(VerificationReport(results), output_format)
    return 0 if all(each["passed"] for each in results) else FAILED


def verified(
    root: Path, config: Config, row: Registered, *, limit: float, until: str | None = None
) -> dict[str, Any]:
    """Return the steps of one orchestrator, the tasks that it left, and whether it passed."""
    request = {
        "verb": "verify",
        "name": row.name,
        "class": f"{row.module}:{row.class_name}" if row.module and row.class_name else None,
        "operations": _operations(config, row.name),
        "until": until,
        "limit": limit,
    }
    try:
        answer = ask(root, config, request, limit * STEPS)
    except TimedOut:
        return _ended(f"not done within {limit:g} s, and it could not be interrupted")
    except ProjectCodeEndedError as error:
        return _ended(error.message)
    except ProjectCodeError as error:
        return _ended(error.message)
    return {key: answer[key] for key in ("steps", "leaked", "passed")}


def _wanted(root: Path, config: Config, names: Sequence[str]) -> list[Registered]:
    reading = read_registered(root, config)
    if not reading.files:
        raise no_package(root, config)
    known = {row.name: row for row in reading.orchestrators}
    for name in names:
        if name not in known:
            registered = f"Registered are {listed(known)}." if known else "None is registered yet."
            raise UnknownOrchestratorError(
                f"no orchestrator `{name}` is registered",
                hint=did_you_mean(name, known, registered),
                name=name,
            )
    return [known[name] for name in dict.fromkeys(names)] if names else list(reading.orchestrators)


def _operations(config: Config, name: str) -> list[str]:
    """Return the operations of an orchestrator that the settings allow."""
    pairs = (each.rpartition(".") for each in config.safe_to_verify)
    return [operation for orchestrator, _, operation in pairs if orchestrator == name]


def _ended(why: str) -> dict[str, Any]:
    """Return the answer for a process that gave none: what it was doing when it ended is not known."""
    step = {"name": "import", "outcome": "failed", "detail": why, "seconds": 0.0}
    return {"steps": [step], "leaked": [], "passed": False}
