"""What is noted of the tests' processes disturbs none of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from orchestra_cli.proving import watching

THEIRS = "import sys\nsys.stdout.write('theirs\\n')\n"


@pytest.mark.parametrize(
    ("theirs", "out", "err"),
    [
        (None, "", ""),
        (THEIRS, "theirs\n", ""),
        ("import missing_in_it\n", "", "No module named 'missing_in_it'"),
    ],
)
def test_a_process_says_what_it_would_have_said(
    theirs: str | None, out: str, err: str, tmp_path: Path
) -> None:
    hook, notes, other = tmp_path / "hook", tmp_path / "notes", tmp_path / "other"
    for folder in (hook, notes, other):
        folder.mkdir()
    shutil.copyfile(watching.__file__, hook / "sitecustomize.py")
    if theirs is not None:
        (other / "sitecustomize.py").write_text(theirs)
    (other / "named.py").write_text("")
    done = subprocess.run(
        [sys.executable, "-c", "import named"],
        env={**os.environ, "PYTHONPATH": f"{hook}:{other}", watching.VARIABLE: str(notes)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == out
    assert err in done.stderr
    assert bool(done.stderr) is bool(err)
    assert f"named\t{other / 'named.py'}\n" in "".join(file.read_text() for file in notes.iterdir())
