"""Accessors that are offered return the instance that the facade has, and can be told to return another."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import orchestra
import orchestra_codemods

BEFORE = Path(orchestra_codemods.__file__).parent / "cases" / "migrate" / "accessors_offered" / "before"
USE = """
from core.orchestration.orchestrators import _none
from shop.none import NoneOrchestrator, get_none, set_none
from shop.got import get_got, set_got
assert get_none(auto_create=False) is None
assert _none() is get_none() is get_none(auto_create=False)
other = NoneOrchestrator()
set_none(other)
assert get_none() is other
first = get_got()
set_got(None)
assert get_got() is not first
print("used")
"""


def test_what_is_offered_is_the_instance_of_the_process(
    make_project: Any, migrate: Any, read_tree: Any, tmp_path: Path
) -> None:
    project = make_project(read_tree(BEFORE))
    after = project.updated(migrate(project, accessors="offered", placement="in-place").changes).sources
    for path in after:
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(after[path].data)
    done = subprocess.run(
        [sys.executable, "-c", USE],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f".{os.pathsep}{Path(orchestra.__file__).parents[1]}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("used\n", "")


def test_nothing_is_offered_that_was_not_asked_for(make_project: Any, migrate: Any, read_tree: Any) -> None:
    project = make_project(read_tree(BEFORE))
    texts = [change.after.text for change in migrate(project, placement="in-place").changes]
    assert not any("set_got" in text or "get_none" in text for text in texts)
