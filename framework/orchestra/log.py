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


def is_enabled(level: int) -> bool:
    """Return whether an event of this level would be written anywhere."""
    structlog = _configured()
    if structlog is None:
        return STANDARD.isEnabledFor(level)
    logger = structlog.get_logger("orchestra")
    ask = getattr(logger, "is_enabled_for", None) or getattr(logger, "isEnabledFor", None)
    return True if ask is None else bool(ask(level))


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
