"""structlog, imported when the first event is really logged, and never with its development renderers.

Where the program configured structlog, its configuration is used. Where it did not, events go to the standard
logger ``orchestra`` as one line of ``key=value``; its level decides, WARNING unless the program says
otherwise.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

# The standard library's figures; importing logging for them would be a fifth of the price of our own import.
DEBUG, INFO, WARNING, ERROR = 10, 20, 30, 40

_LEVELS = {"debug": DEBUG, "info": INFO, "warning": WARNING, "error": ERROR}
_standard: Any = None


# What filtering wrapper classes answer, by class and level: their level is fixed when they are made, and
# asking one through a lazy proxy costs as much as a whole call of an operation.
_answers: dict[tuple[type, int], bool] = {}


def is_enabled(level: int) -> bool:
    """Return whether an event of this level would be written anywhere."""
    structlog = _configured()
    if structlog is None:
        return _is_standard_enabled(level)
    kind = structlog.get_config()["wrapper_class"]
    answer = _answers.get((kind, level))
    if answer is not None:
        return answer
    if not isinstance(kind, type):  # a function that makes loggers tells nothing of their level
        return True
    if hasattr(kind, "isEnabledFor") or issubclass(kind, structlog.stdlib.BoundLogger):
        return _is_standard_enabled(level)
    ask = getattr(structlog.get_logger("orchestra"), "is_enabled_for", None)
    answer = _answers[kind, level] = True if ask is None else bool(ask(level))
    return answer


def standard_logger() -> Any:
    """Return ``logging.getLogger("orchestra")``."""
    global _standard  # noqa: PLW0603 - the same object for ever, once somebody needs it
    if _standard is None:
        import logging

        _standard = logging.getLogger("orchestra")
    return _standard


def get_logger(**bound: Any) -> Any:
    """Return a structlog logger with these fields bound."""
    structlog = _configured()
    if structlog is not None:
        return structlog.get_logger("orchestra", **bound)
    import structlog as plain

    return plain.wrap_logger(
        standard_logger(),
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
        with suppress(Exception):  # a processor of the program that raises stops no supervision
            getattr(get_logger(), level)(event, **fields)


def _is_standard_enabled(level: int) -> bool:
    if _standard is None and "logging" not in sys.modules:
        return level >= WARNING  # nobody can have configured what nobody imported
    return bool(standard_logger().isEnabledFor(level))


def _configured() -> Any:
    structlog = sys.modules.get("structlog")
    if structlog is None or not hasattr(structlog, "is_configured") or not structlog.is_configured():
        return None
    return structlog
