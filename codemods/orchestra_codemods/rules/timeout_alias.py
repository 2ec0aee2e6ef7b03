"""`asyncio.TimeoutError` is written for `TimeoutError`.

Since Python 3.11 they are one class. The alias hides that a handler also catches the timeouts of sockets and
files, and reads as though there were two. Projects whose `requires-python` admits an older one are left alone.

The fix is safe: both names mean the same class.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.hit import safe
from orchestra_codemods.unit import Case

CODE = "ORC115"
SINCE = (3, 11)
TOKENS = ((b".TimeoutError",), (b"asyncio",))
NODES = (ast.Attribute,)
_DEFINED = re.compile(
    r"(class|import|as)\s+TimeoutError\b|\bTimeoutError\s*=|import\s*\(?[^)\n]*\bTimeoutError\b"
)


def check(file: File, node: ast.Attribute) -> Iterator[Hit]:
    """Look at the attribute, where the builtin is not hidden by a name of the file."""
    if node.attr != "TimeoutError" or file.dotted(node) != "asyncio.TimeoutError":
        return
    fix = None if _DEFINED.search(file.text) else safe(file.replace(node, "TimeoutError"))
    yield Hit(node, "`asyncio.TimeoutError` is `TimeoutError`", fix)


CASES = (
    Case(
        "in a handler",
        """import asyncio

try:
    work()
except (asyncio.TimeoutError, KeyError):  # late
    pass
""",
        """import asyncio

try:
    work()
except (TimeoutError, KeyError):  # late
    pass
""",
    ),
    Case(
        "the builtin is hidden: no fix",
        """import asyncio
from client import TimeoutError

ERRORS = (asyncio.TimeoutError, TimeoutError)
""",
    ),
)
CLEAN = (
    Case(
        "a project that still supports Python 3.10, where they are two classes",
        """# file: pyproject.toml
[project]
requires-python = ">=3.10,<4"
# file: src/client.py
import asyncio

try:
    work()
except asyncio.TimeoutError:
    pass
""",
    ),
    Case("the builtin", "import asyncio\n\nasyncio.timeout(1)\nraise TimeoutError\n"),
    Case("another library's", "import asyncio\nimport client\n\nraise client.TimeoutError\n"),
)
