"""An orchestrator that is asked for and is not there: why, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from orchestra_cli.errors import UnknownOrchestratorError
from orchestra_cli.session import Session
from orchestra_cli.suggest import did_you_mean, listed
from orchestra_codemods.config import Config


def check_known(session: Session, answer: Mapping[str, Any], root: Path, config: Config) -> None:
    """Say what the project could not import or build, and raise when the orchestrator is not there."""
    problems = list(answer.get("warnings", ()))
    unknown = answer.get("unknown")
    if unknown is not None and not answer["known"]:
        _check_package(root, config)
    error = None if unknown is None else _unknown(unknown, answer["known"], problems, root, config)
    for problem in problems:
        session.warn(problem)
    if error is not None:
        raise error


def _unknown(
    name: str, known: Iterable[str], problems: list[str], root: Path, config: Config
) -> UnknownOrchestratorError:
    """Return the error, with what is missing where the package has the class; take that from ``problems``."""
    from orchestra_cli.registered.missing import class_named, how_to_register, is_about, why_missing

    row = class_named(name, root, config)
    if row is None:
        names = sorted(known)
        none = "None is registered yet: `orchestra migrate` and `orchestra new` register one."
        others = f"Registered are {listed(names)}." if names else none
        why, hint = "", did_you_mean(name, names, others)
    else:
        problem = next((one for one in problems if is_about(one, row)), None)
        why, hint = why_missing(row, config.app, problem), how_to_register(row, config.app, problem)
        problems[:] = [one for one in problems if one != problem]
    sentence = f"no orchestrator `{name}` is registered"
    return UnknownOrchestratorError(f"{sentence}: {why}" if why else sentence, hint=hint, name=name)


def _check_package(root: Path, config: Config) -> None:
    """Say that there is no package yet, where that is why nothing is registered. Raises NoPackageError."""
    from orchestra_cli.listing import no_package
    from orchestra_cli.registered.read import read_registered

    if config.app is None and not read_registered(root, config).files:
        raise no_package(root, config)
