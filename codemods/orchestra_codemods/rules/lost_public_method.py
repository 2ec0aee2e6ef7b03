"""A migrated class lacks a public method of the class that it replaces.

Whoever still calls the old method gets AttributeError. Every public method stays, with its signature, as an
operation or as a wrapper around one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.syntax.collectors import DEFINITIONS
from orchestra_codemods.syntax.fact import Facts, Placed
from orchestra_codemods.syntax.file import FUNCTIONS
from orchestra_codemods.unit import Case

CODE = "ORC404"
FACTS = (DEFINITIONS,)
_SUFFIX = ".py.DEPRECATED"


def judge(facts: Facts) -> Iterator[Placed]:
    """Compare orchestrators with classes of their name in files that were put aside as `.py.DEPRECATED`."""
    old: dict[str, list[ast.ClassDef]] = {}
    for path in sorted(facts.paths):
        if path.endswith(_SUFFIX):
            for cls in _classes(facts.read(path) or ""):
                old.setdefault(cls.name, []).append(cls)
    for path, fact in facts.of(DEFINITIONS):
        has = set(fact.data["methods"].split())
        for cls in old.get(fact.name, []):
            lost = [
                one.name
                for one in cls.body
                if isinstance(one, FUNCTIONS) and not one.name.startswith("_") and one.name not in has
            ]
            if lost:
                names = ", ".join(f"`{name}`" for name in dict.fromkeys(lost))
                yield Placed(path, fact, f"`{fact.name}` has lost {names}")


def _classes(text: str) -> list[ast.ClassDef]:
    try:
        return [one for one in ast.parse(text).body if isinstance(one, ast.ClassDef)]
    except (SyntaxError, ValueError, RecursionError):
        return []


_OLD = "# file: src/flow.py.DEPRECATED\nclass Flow:\n    async def run(self):\n        return 1\n\n    def stop(self):\n        return 2\n\n    def _private(self):\n        return 3\n"
_NEW = "# file: src/new.py\nfrom orchestra import BaseOrchestrator\n\nclass Flow(BaseOrchestrator):\n    async def run(self):\n        return 1\n"
CASES = (Case("one is gone", _OLD + _NEW),)
CLEAN = (
    Case("all are there", _OLD + _NEW + "\n    def stop(self):\n        return 2\n"),
    Case("another class", _OLD.replace("class Flow", "class Other") + _NEW),
    Case("nothing was put aside", _NEW),
)
