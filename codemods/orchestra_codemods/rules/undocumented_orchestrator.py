"""An orchestrator class has no docstring.

`orchestra list` and the generated pages show its first sentence; whoever looks for the right orchestrator has
nothing else to go by.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.orchestrators import is_orchestrator
from orchestra_codemods.unit import Case

CODE = "ORC405"
TOKENS = ((b"BaseOrchestrator",), (b"class ",))
NODES = (ast.ClassDef,)


def check(file: File, node: ast.ClassDef) -> Iterator[Hit]:
    """Look at public orchestrator classes."""
    if (
        is_orchestrator(file, node)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
        and file.parents.get(node) is file.tree
    ):
        yield Hit(node, f"say in a docstring what `{node.name}` is for")


CASES = (
    Case("none", "from orchestra import BaseOrchestrator\n\nclass Flow(BaseOrchestrator):\n    name = 'x'\n"),
)
CLEAN = (
    Case(
        "one",
        'from orchestra import BaseOrchestrator\n\nclass Flow(BaseOrchestrator):\n    """Send reports."""\n',
    ),
    Case(
        "private, or nested in a function",
        "from orchestra import BaseOrchestrator\n\nclass _Flow(BaseOrchestrator):\n    pass\n\ndef make():\n    class Flow(BaseOrchestrator):\n        pass\n    return Flow\n",
    ),
)
