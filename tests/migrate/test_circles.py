"""A project whose modules import each other in a circle is imported after a move as before, from any end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.migrate.test_same_or_refused import FRAMEWORK, write

B = b"from shop import c as other\nclass B:\n    def run(self):\n        return other.COrchestrator\n"
C = b"from .b import B\nclass COrchestrator:\n    def run(self):\n        return B\n"
LATE = C.replace(b"from .b import B\n", b"").replace(b"return B", b"from .b import B\n        return B")


@pytest.mark.parametrize(("c", "is_moved"), [(C, False), (LATE, True)])
@pytest.mark.parametrize("first", ["shop", "shop.b", "shop.c"])
def test_whoever_comes_first_finds_what_was_there(
    first: str, c: bytes, is_moved: bool, make_project: Any, migrate: Any, tmp_path: Path
) -> None:
    files = {
        "shop/__init__.py": b"from .c import COrchestrator\nfrom . import b\n",
        "shop/b.py": B,
        "shop/c.py": c,
    }
    project = make_project(files)
    plan = migrate(project)
    assert ("core/orchestration/domain/c.py" in {change.path for change in plan.changes}) is is_moved
    write(project.updated(plan.changes), tmp_path)
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"import {first}, shop; shop.b.B; shop.COrchestrator().run()"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f".:{FRAMEWORK}", "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
    )
