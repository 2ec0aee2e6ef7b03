"""A file in a layer's folder declares another layer.

People look for orchestrators by folder, and the layer checks by declaration; where the two differ one of them is
wrong, and imports are judged by the wrong table.

The fix declares the layer of the folder. It is safe: the layer decides no behaviour unless run-time checks are on.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.hit import safe
from orchestra_codemods.syntax.orchestrators import LAYERS, is_orchestrator, metadata
from orchestra_codemods.unit import Case

CODE = "ORC003"
TOKENS = ((b"BaseOrchestrator",), (b"DOMAIN", b"APPLICATION", b"INFRASTRUCTURE"))
NODES = (ast.ClassDef,)
CASE_PATH = "src/orchestrators/domain/example.py"


def check(file: File, node: ast.ClassDef) -> Iterator[Hit]:
    """Compare the declared layer with the folder below the orchestrators' package."""
    if not is_orchestrator(file, node):
        return
    folder = f"{file.config.package.replace('.', '/')}/"
    below = f"/{file.path}".partition(f"/{folder}")[2].split("/")
    layer = below[0].upper() if len(below) > 1 else ""
    given = metadata(node)
    if (
        layer not in LAYERS
        or given is None
        or given.layer_member not in LAYERS
        or given.layer_member == layer
    ):
        return
    assert isinstance(given.layer, ast.Attribute)
    text = f"{file.text_of(given.layer.value)}.{layer}"
    message = f"`{node.name}` says {given.layer_member} and stands in `{layer.lower()}/`"
    yield Hit(given.layer, message, safe(file.replace(given.layer, text)))


_TEXT = """from orchestra import BaseOrchestrator, OrchestrationLayer

class Flow(BaseOrchestrator):
    def __init__(self):
        super().__init__(layer=OrchestrationLayer.%s, name="flow")  # the layer
"""
CASES = (Case("in domain/", _TEXT % "APPLICATION", _TEXT % "DOMAIN"),)
CLEAN = (
    Case("the same", _TEXT % "DOMAIN"),
    Case("a folder of that name elsewhere", f"# file: src/shop/application/example.py\n{_TEXT % 'DOMAIN'}"),
    Case("beside the folders", f"# file: src/orchestrators/domain.py\n{_TEXT % 'APPLICATION'}"),
)
