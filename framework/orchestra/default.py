"""What holds for the whole process: the result class, and the one global facade."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from orchestra.results import Results

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestra.facade import OrchestrationFacade

_lock = threading.RLock()


class _Process:
    """The settings of the process; :func:`configure` and :func:`forget_facade` are the ways to change
    them.
    """

    def __init__(self) -> None:
        self.results: Results | None = Results()
        self.result_path = ""
        self.build: Callable[[], OrchestrationFacade] | None = None
        self.facade: OrchestrationFacade | None = None


_process = _Process()


def configure(
    *,
    result_class: type[Any] | str | None = None,
    facade: Callable[[], OrchestrationFacade] | None = None,
) -> None:
    """Set defaults of the process, once, where the project constructs its facade.

    ``result_class``: what routing returns and failures are made of, for every facade that is not given one;
    as ``"package.module:Class"`` it is imported at the first call, for a module that imports its callers.
    ``facade``: builds the global facade, at the first ``get_orchestration_facade()`` and again after it was
    closed. What is left out stays as it is. Raises InvalidResultClassError.
    """
    if isinstance(result_class, str):
        _process.results, _process.result_path = None, result_class
    elif result_class is not None:
        _process.results = Results(result_class)
    if facade is not None:
        _process.build = facade


def default_results() -> Results:
    """Return the results of the process's result class."""
    if _process.results is None:
        from orchestra.discovery import load

        _process.results = Results(load(_process.result_path))
    return _process.results


def get_orchestration_facade() -> OrchestrationFacade:
    """Return the global facade; after it was closed, a fresh one."""
    found = _process.facade
    if found is not None and not found.is_closed:
        return found
    with _lock:
        if _process.facade is None or _process.facade.is_closed:
            _process.facade = _build()
        return _process.facade


def is_global(facade: OrchestrationFacade) -> bool:
    """Return whether this is the global facade, which also closes orchestrators that were never
    registered.
    """
    return _process.facade is facade


def forget_facade() -> OrchestrationFacade | None:
    """Let the next ``get_orchestration_facade()`` build a fresh one, and return the old; for tests."""
    with _lock:
        old, _process.facade = _process.facade, None
    return old


def _build() -> OrchestrationFacade:
    if _process.build is not None:
        return _process.build()
    from orchestra.facade import OrchestrationFacade

    return OrchestrationFacade()
