"""An orchestrator imports from a layer that its own may not use.

Business logic that imports infrastructure cannot be tested or reused without it, and import cycles follow.
By default application may import both others, infrastructure may import domain, domain neither; it reaches
infrastructure by name, through the facade. `[tool.orchestra.layers]` says otherwise, and `orchestra config
show` says what holds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.config import Config
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.places import absolute, allowed, layer_of, module_of
from orchestra_codemods.unit import Case

CODE = "ORC201"
TOKENS = ((b"import",), (b"domain", b"application", b"infrastructure"))
NODES = (ast.Import, ast.ImportFrom)


def applies(config: Config, path: str) -> bool:
    """Only files below the package of the layers are looked at."""
    return f"/{config.package.replace('.', '/')}/" in f"/{path}"


CASE_PATH = "src/orchestrators/domain/example.py"


def check(file: File, node: ast.Import | ast.ImportFrom) -> Iterator[Hit]:
    """Look at imports in files below a layer's package."""
    layer = layer_of(file.config, module_of(file.config, file.path))
    if layer is None or _is_for_types(file, node):
        return
    for alias in node.names:
        if isinstance(node, ast.Import):
            target = alias.name
        else:
            module = absolute(file.config, file.path, node.level, node.module or "")
            target = f"{module}.{alias.name}"
        other = layer_of(file.config, target)
        if other is not None and other != layer and other not in allowed(file.config)[layer]:
            may = " and ".join(allowed(file.config)[layer]) or "no other layer"
            yield Hit(alias, f"{layer} may import {may}, not {other}")


def _is_for_types(file: File, node: ast.AST) -> bool:
    return any(
        isinstance(one, ast.If) and "TYPE_CHECKING" in ast.unparse(one.test) for one in file.ancestors(node)
    )


CASES = (
    Case("absolute", "from orchestrators.infrastructure.telemetry import Telemetry\n"),
    Case(
        "relative, in a function",
        "def load():\n    from ..application import feedback\n    return feedback\n",
    ),
    Case("a whole module", "import orchestrators.application.feedback as feedback\n"),
    Case(
        "infrastructure that imports application",
        "# file: src/orchestrators/infrastructure/x.py\nfrom ..application.feedback import Feedback\n",
    ),
)
CLEAN = (
    Case(
        "its own layer, and what is no layer",
        "from . import helpers\nfrom ..protocols import Type\nfrom orchestrators.domain.flow import Flow\nimport application\n",
    ),
    Case(
        "application may use both",
        "# file: src/orchestrators/application/x.py\nfrom ..domain import flow\nfrom orchestrators.infrastructure import telemetry\n",
    ),
    Case(
        "only for types",
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from ..application import feedback\n",
    ),
    Case(
        "a folder of that name elsewhere",
        "# file: src/shop/domain/x.py\nfrom shop.infrastructure import db\n",
    ),
)
