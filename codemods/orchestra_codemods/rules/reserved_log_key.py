"""A structlog call passes a key that structlog uses itself, or whatever `**` brings.

`log.info("done", event=…)` raises TypeError ("multiple values for argument 'event'") in the middle of the work;
`level`, `logger` and `timestamp` are overwritten by processors, silently. With `**kwargs` of a caller it happens
on the day when somebody passes such a name.

The fix renames the key (`event` to `event_name`). It is safe: the call as it stands raises or loses the value.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.change import Fix
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.hit import safe
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.orchestrators import is_orchestrator
from orchestra_codemods.syntax.tasks import self_attribute
from orchestra_codemods.unit import Case

CODE = "ORC301"
TOKENS = ((b"structlog", b"BaseOrchestrator"), (b"event=", b"level=", b"logger=", b"timestamp=", b"**"))
NODES = (ast.Call,)
_METHODS = {"debug", "info", "warning", "warn", "error", "critical", "exception", "adebug", "ainfo", "aerror"}
_RESERVED = {"event": "event_name", "level": "log_level", "logger": "logger_name", "timestamp": "at"}


def check(file: File, node: ast.Call) -> Iterator[Hit]:
    """Look at the keywords of logging calls."""
    if (
        not isinstance(node.func, ast.Attribute)
        or node.func.attr not in _METHODS
        or not _is_structlog(file, node.func.value)
    ):
        return
    for keyword in node.keywords:
        if keyword.arg in _RESERVED and (keyword.arg != "event" or node.args):
            yield Hit(keyword, f"`{keyword.arg}` is a key of structlog's own", _fix(file, node, keyword))
        elif keyword.arg is None and _is_callers(file, keyword.value):
            yield Hit(
                keyword,
                f"`**{ast.unparse(keyword.value)}` may bring `event`, `level`, `logger` or `timestamp`",
            )


def _is_structlog(file: File, node: ast.expr) -> bool:
    """Tell whether this is a logger of structlog: assigned from it, or an orchestrator's own."""
    if self_attribute(node) == "logger":
        cls = file.class_of(node)
        return cls is not None and is_orchestrator(file, cls) and not _assigns_logging(file, cls)
    if not isinstance(node, ast.Name):
        return False
    for one in file.tree.body:
        if isinstance(one, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == node.id for target in one.targets
        ):
            return (file.dotted(one.value.func) if isinstance(one.value, ast.Call) else "") in {
                "structlog.get_logger",
                "structlog.stdlib.get_logger",
            }
    return False


def _assigns_logging(file: File, cls: ast.ClassDef) -> bool:
    return any(
        isinstance(one, ast.Assign)
        and any(self_attribute(target) == "logger" for target in one.targets)
        and "structlog" not in ast.unparse(one.value)
        for one in everything(cls)
    )


def _is_callers(file: File, value: ast.expr) -> bool:
    """Tell whether a splat is what the function itself was given: anybody's names."""
    function = file.function_of(value)
    kwarg = getattr(getattr(function, "args", None), "kwarg", None)
    return isinstance(value, ast.Name) and kwarg is not None and kwarg.arg == value.id


def _fix(file: File, call: ast.Call, keyword: ast.keyword) -> Fix | None:
    assert keyword.arg is not None
    better = _RESERVED[keyword.arg]
    if any(one.arg == better for one in call.keywords):
        return None
    start = file.start(keyword)
    from orchestra_codemods.change import Edit

    return safe(Edit(start, start + len(keyword.arg), better))


CASES = (
    Case(
        "event twice",
        'import structlog\n\nlog = structlog.get_logger()\n\ndef handle(event):\n    log.info("handled", event=event)  # once\n',
        'import structlog\n\nlog = structlog.get_logger()\n\ndef handle(event):\n    log.info("handled", event_name=event)  # once\n',
    ),
    Case(
        "in an orchestrator",
        "from orchestra import BaseOrchestrator\n\nclass Flow(BaseOrchestrator):\n    def note(self, level):\n        self.logger.warning('noted', level=level)\n",
        "from orchestra import BaseOrchestrator\n\nclass Flow(BaseOrchestrator):\n    def note(self, level):\n        self.logger.warning('noted', log_level=level)\n",
    ),
    Case(
        "what a caller brings",
        'import structlog\n\nlog = structlog.get_logger(__name__)\n\ndef handle(**kwargs):\n    log.info("handled", **kwargs)\n',
    ),
)
CLEAN = (
    Case(
        "other keys, or event as the event",
        'import structlog\n\nlog = structlog.get_logger()\nlog.info("handled", kind="x")\nlog.info(event="handled")\n',
    ),
    Case(
        "a logger of logging",
        "import logging\nimport structlog\n\nlog = logging.getLogger()\nlog.error('x', extra={}, **options)\nother.info('x', level=3)\n",
    ),
    Case(
        "names of one's own",
        'import structlog\n\nlog = structlog.get_logger()\n\ndef handle(item):\n    fields = {"kind": item}\n    log.info("handled", **fields)\n',
    ),
)
