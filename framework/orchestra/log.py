"""structlog, imported when the first event is really logged, and never with its development renderers.

Where the program configured structlog, its configuration is used. Where it did not, events go to the standard
logger ``orchestra`` as one line of ``key=value``; its level decides, WARNING unless the program says
otherwise.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

STANDARD = logging.getLogger("orchestra")

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


# What filtering wrapper classes answer, by class and level: their level is fixed when they are made, and
# asking one through a lazy proxy costs as much as a whole call of an operation.
_answers: dict[tuple[type, int], bool] = {}


def is_enabled(level: int) -> bool:
    """Return whether an event of this level would be written anywhere."""
    structlog = _configured()
    if structlog is None:
        return STANDARD.isEnabledFor(level)
    kind = structlog.get_config()["wrapper_class"]
    answer = _answers.get((kind, level))
    if answer is not None:
        return answer
    if hasattr(kind, "isEnabledFor") or issubclass(kind, structlog.stdlib.BoundLogger):
        return STANDARD.isEnabledFor(level)
    ask = getattr(structlog.get_logger("orchestra"), "is_enabled_for", None)
    answer = _answers[kind, level] = True if ask is None else bool(ask(level))
    return answer


def get_logger(**bound: Any) -> Any:
    """Return a structlog logger with these fields bound."""
    structlog = _configured()
    if structlog is not None:
        return structlog.get_logger("orchestra", **bound)
    import structlog as plain

    return plain.wrap_logger(
        STANDARD,
        processors=[
            plain.stdlib.filter_by_level,
            plain.processors.format_exc_info,
            plain.processors.KeyValueRenderer(key_order=["event"]),
        ],
        wrapper_class=plain.stdlib.BoundLogger,
        **bound,
    )


def log_event(level: str, event: str, **fields: Any) -> None:
    """Write an event if its level is on."""
    if is_enabled(_LEVELS[level]):
        getattr(get_logger(), level)(event, **fields)


def _configured() -> Any:
    structlog = sys.modules.get("structlog")
    if structlog is None or not hasattr(structlog, "is_configured") or not structlog.is_configured():
        return None
    return structlog
