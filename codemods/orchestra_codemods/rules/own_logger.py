"""An orchestrator makes a logger of its own, or builds its events with f-strings.

Its lines lack name and layer, the redaction, and the context that the framework binds; an event that is text
with values in it cannot be counted or searched. Use `self.logger.info("indexed", documents=count)`.

The fix takes names and attributes out of an f-string and gives them as keywords, where the event is nothing but words
beside them. It is unsafe: the event is another text than the one that somebody may search for or alert on. Where all
values are constants of the module the fix writes the text that was logged, which is safe. A structlog logger of its own is taken away, which is unsafe since the lines then bear another logger; one of
`logging` is left, since its methods take other arguments.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.change import Edit, Fix
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.hit import safe, unsafe
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.orchestrators import is_orchestrator
from orchestra_codemods.syntax.tasks import self_attribute
from orchestra_codemods.unit import Case

CODE = "ORC302"
IN_TRANSITION = False
TOKENS = ((b"BaseOrchestrator",), (b"ogger",))
NODES = (ast.Assign, ast.Call)
_MAKERS = {"logging.getLogger", "structlog.get_logger", "structlog.stdlib.get_logger"}
_MARKS = ".:=,-"
_WORDS = re.compile(r"[A-Za-z][\w .:=,-]*\Z", re.ASCII)
_TAKEN = {"event", "level", "logger", "timestamp", "name", "layer", "orchestrator", "orchestrator_name"} | {
    "exc_info",
    "stack_info",
    "stacklevel",
    "self",
}
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
                yield Hit(
                    node,
                    "BaseOrchestrator has a logger, bound to name and layer: `self.logger`",
                    _without(file, node),
                )
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
            fix = _as_it_reads(file, node.args[0]) or _as_keywords(file, cls, node, node.args[0])
            yield Hit(node.args[0], "pass values as keywords, not inside the event", fix)


def _without(file: File, node: ast.Assign) -> Fix | None:
    """Take the statement away, where it is alone and not the only one in its block."""
    parent = file.parents[node]
    block = getattr(parent, "body", [])
    is_ours = len(node.targets) == 1 and self_attribute(node.targets[0]) == "logger"
    is_structlog = isinstance(node.value, ast.Call) and (file.dotted(node.value.func) or "").startswith(
        "structlog."
    )
    if not (is_ours and is_structlog and isinstance(block, list) and node in block and len(block) > 1):
        return None
    after = file.text[file.end(node) : file.line_end(node)]
    if file.indent(node) is None or after.strip():
        return None
    return unsafe(Edit(file.line_start(node), file.line_end(node), ""))


def _as_it_reads(file: File, event: ast.JoinedStr) -> Fix | None:
    """Write the text of an f-string whose values are known: what is logged stays as it was."""
    text = ""
    for part in event.values:
        value = part if isinstance(part, ast.Constant) else None
        if isinstance(part, ast.FormattedValue) and part.conversion == -1 and part.format_spec is None:
            value = _constant(file, part.value)
        if value is None or not isinstance(value.value, str):
            return None
        text += value.value
    has_comment = any(event.lineno < line <= (event.end_lineno or 0) for line, _, _ in file.comments)
    is_plain = text.isprintable() and '"' not in text and "\\" not in text
    return safe(file.replace(event, f'"{text}"')) if is_plain and not has_comment else None


def _constant(file: File, node: ast.expr) -> ast.Constant | None:
    """Return what a literal is, or a name in capitals that the module binds once."""
    if not isinstance(node, ast.Name):
        return node if isinstance(node, ast.Constant) else None
    bound = [
        one
        for one in everything(file.tree)
        if isinstance(one, ast.Name) and one.id == node.id and not isinstance(one.ctx, ast.Load)
    ]
    for one in file.tree.body:
        if isinstance(one, ast.Assign) and one.targets == bound and node.id.isupper():
            return one.value if isinstance(one.value, ast.Constant) else None
    return None


def _as_keywords(file: File, cls: ast.ClassDef, call: ast.Call, event: ast.JoinedStr) -> Fix | None:
    """Turn the values into keywords, where the rest is words and every value has a name of its own."""
    values: dict[str, str] = {}
    words = ""
    for part in event.values:
        if isinstance(part, ast.Constant):
            words += str(part.value)
            continue
        if not isinstance(part, ast.FormattedValue) or part.conversion != -1 or part.format_spec:
            return None
        name, text = _name_of(part.value), ast.unparse(part.value)
        if name is None or name in _TAKEN or values.setdefault(name, text) != text:
            return None
        words += " "
    name = " ".join(word for word in words.split() if word.strip(_MARKS)).strip(f"{_MARKS} ")
    given = {keyword.arg for keyword in call.keywords}
    if (
        not _WORDS.match(name)
        or len(call.args) != 1
        or None in given
        or given & values.keys()
        or _assigns(cls)
    ):
        return None
    end = file.end(event)
    is_whole = not any(
        line > event.lineno and line <= (event.end_lineno or 0) for line, _, _ in file.comments
    )
    if not is_whole:
        return None
    keywords = "".join(f", {key}={value}" for key, value in values.items())
    return unsafe(Edit(file.start(event), end, f'"{name}"{keywords}'))


def _name_of(node: ast.expr) -> str | None:
    """Return the last name of ``count`` or ``self.state.count``."""
    inner = node
    while isinstance(inner, ast.Attribute):
        inner = inner.value
    if not isinstance(inner, ast.Name):
        return None
    return (node.attr if isinstance(node, ast.Attribute) else inner.id).lstrip("_") or None


def _assigns(cls: ast.ClassDef) -> bool:
    """Tell whether the class may have another logger than the base's."""
    return any(
        isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store) and one.attr == "logger"
        for one in everything(cls)
    )


_HEAD = "import logging\nfrom orchestra import BaseOrchestrator\n\nclass Flow(BaseOrchestrator):\n"
CASES = (
    Case("its own", _HEAD + "    def prepare(self):\n        self.logger = logging.getLogger(__name__)\n"),
    Case(
        "an f-string",
        _HEAD + '    def note(self, count):\n        self.logger.info(f"indexed {count}")  # often\n',
        _HEAD + '    def note(self, count):\n        self.logger.info("indexed", count=count)  # often\n',
    ),
    Case(
        "values that are constants",
        _HEAD.replace("class", 'TOPIC = "index"\n\nclass', 1)
        + '    def note(self):\n        self.logger.info(f"{TOPIC}.done", key=1)\n',
        _HEAD.replace("class", 'TOPIC = "index"\n\nclass', 1)
        + '    def note(self):\n        self.logger.info("index.done", key=1)\n',
    ),
    Case(
        "several values, and a keyword",
        _HEAD
        + '    def note(self, run):\n        self.logger.error(f"{self._kind} failed after {run.rounds} rounds: {run.error}", key=run.key)\n',
        _HEAD
        + '    def note(self, run):\n        self.logger.error("failed after rounds", kind=self._kind, rounds=run.rounds, error=run.error, key=run.key)\n',
    ),
    Case(
        "a structlog logger of its own",
        _HEAD.replace("logging", "structlog")
        + "    def prepare(self):\n        self.logger = structlog.get_logger()\n        self.ready = True\n",
        _HEAD.replace("logging", "structlog") + "    def prepare(self):\n        self.ready = True\n",
    ),
    Case(
        "values without a name, in a format, or with the name of another keyword",
        _HEAD
        + '    def note(self, n):\n        self.logger.info(f"{len(n)} found")\n        self.logger.info(f"took {n:.2f}")\n        self.logger.info(f"found {n}", n=1)\n        self.logger.info(f"{n}")\n',
    ),
    Case(
        "its logger may be one of logging",
        _HEAD
        + '    def use(self, logger):\n        self.logger = logger\n        self.logger.info(f"indexed {logger}")\n',
    ),
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
