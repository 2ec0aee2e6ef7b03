"""What mypy --strict and pyright say of user code, right and wrong lines alike."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "command",
    [
        ["mypy", "--strict", "--warn-unused-ignores", "tests/types/users.py"],
        ["pyright", "-p", "tests/types", "--pythonpath", sys.executable],
    ],
    ids=["mypy", "pyright"],
)
def test_users_get_the_types_that_the_file_asserts(command: Any) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_public_name_is_known_to_type_checkers_and_at_run_time() -> None:
    import orchestra
    from orchestra import errors

    source = Path(str(orchestra.__file__)).read_text()
    for name in orchestra.__all__:
        assert getattr(orchestra, name) is not None
        assert f" as {name}\n" in source, name
    for name, value in vars(errors).items():
        if isinstance(value, type) and issubclass(value, errors.OrchestraError):
            assert getattr(orchestra, name) is value
            assert name in orchestra.__all__
