"""An orchestrator makes a logger of its own, or builds its events with f-strings.

Its lines lack name and layer, the redaction, and the context that the framework binds; an event that is text
with values in it cannot be counted or searched. Use `self.logger.info("indexed", documents=count)`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.orchestrators import is_orchestrator
from orchestra_codemods.syntax.tasks import self_attribute
from orchestra_codemods.unit import Case

CODE = "ORC302"
IN_TRANSITION = False
TOKENS = ((b"BaseOrchestrator",), (b"ogger",))
NODES = (ast.Assign, ast.Call)
_MAKERS = {"logging.getLogger", "structlog.get_logger", "structlog.stdlib.get_logger"}
_METHODS = {"debug", "info", "warning", "error", "critical", "exception"}


def check(file: File, node: ast.Assign | ast.Call) -> Iterator[Hit]:
    """Look at assignments of `self.logger` and at its calls."""
    cls = file.class_of(node)
    if cls is None or not is_orchestrator(file, cls):
        return
    if isinstance(node, ast.Assign):
        if any(self_attribute(one) in {"logger", "_logger"} for one in node.targets) and isinstance(
            node.value, ast.Call
        ):
            if file.dotted(node.value.func) in _MAKERS:
                yield Hit(node, "BaseOrchestrator has a logger, bound to name and layer: `self.logger`")
    elif (
        isinstance(node.func, ast.Attribute)
        and node.func.attr in _METHODS
        and self_attribute(node.func.value) == "logger"
    ):
        if (
            node.args
            and isinstance(node.args[0], ast.JoinedStr)
            and any(isinstance(one, ast.FormattedValue) for one in node.args[0].values)
        ):
            yield Hit(node.args[0], "pass values as keywords, not inside the event")


_HEAD = "import logging\nfrom orchestra import BaseOrchestrator\n\nclass Flow(BaseOrchestrator):\n"
CASES = (
    Case("its own", _HEAD + "    def prepare(self):\n        self.logger = logging.getLogger(__name__)\n"),
    Case("an f-string", _HEAD + '    def note(self, count):\n        self.logger.info(f"indexed {count}")\n'),
)
CLEAN = (
    Case(
        "the base's logger",
        _HEAD
        + '    def note(self, count):\n        self.logger.info("indexed", documents=count)\n        self.logger.info(f"indexed")\n',
    ),
    Case("given from outside", _HEAD + "    def use(self, logger):\n        self.logger = logger\n"),
    Case(
        "another class",
        "import logging\nfrom orchestra import BaseOrchestrator\n\nclass Client:\n    def __init__(self):\n        self.logger = logging.getLogger(__name__)\n",
    ),
)
