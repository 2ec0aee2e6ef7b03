"""A module `x.py` stands beside a package `x/`.

Python imports the package; the module's code is dead, but people read and change it. Remove one of them, or
rename it.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_codemods.change import Span
from orchestra_codemods.syntax.fact import Fact, Facts, Placed
from orchestra_codemods.unit import Case

CODE = "ORC204"


def judge(facts: Facts) -> Iterator[Placed]:
    """Compare the paths alone."""
    for path in sorted(facts.paths):
        if path.endswith(".py") and f"{path.removesuffix('.py')}/__init__.py" in facts.paths:
            name = path.rpartition("/")[2]
            yield Placed(
                path,
                Fact(name, Span(1, 0, 1, 0)),
                f"`{path.removesuffix('.py')}/` is imported instead of this file",
            )


CASES = (Case("both", "# file: shop/orders.py\nA = 1\n# file: shop/orders/__init__.py\nA = 2\n"),)
CLEAN = (
    Case(
        "a folder without `__init__` gives way to the module",
        "# file: shop/orders.py\nA = 1\n# file: shop/orders/part.py\nA = 2\n",
    ),
    Case(
        "a stub, and the same name elsewhere",
        "# file: shop/orders.pyi\nA: int\n# file: shop/orders/__init__.py\nA = 2\n# file: orders.py\nA = 3\n",
    ),
)
