"""Type checkers follow old names, new names and the layers' exports to the same class."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HUB = """\
LIMIT = 3


class HubOrchestrator:
    def __init__(self, size: int = 1) -> None:
        self.size = size

    async def work(self, text: str) -> list[str]:
        return [text] * self.size


def get_hub() -> HubOrchestrator:
    return HubOrchestrator()
"""
USER = """\
from core.orchestration.application import HubOrchestrator as Exported
from core.orchestration.application import get_hub
from shop import HubOrchestrator as Again
from shop.hub import LIMIT, HubOrchestrator

reveal_type(HubOrchestrator)
reveal_type(Again)
reveal_type(Exported)
reveal_type(get_hub())
reveal_type(LIMIT)
reveal_type(get_hub().work)
"""


@pytest.fixture
def project(tmp_path: Path, make_project: Any, migrate: Any) -> Path:
    files = {"shop/__init__.py": "from .hub import HubOrchestrator as HubOrchestrator\n", "shop/hub.py": HUB}
    before = make_project({path: text.encode() for path, text in files.items()})
    after = before.updated(migrate(before).changes)
    for path, source in after.sources.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(source.data)
    (tmp_path / "user.py").write_text(USER)
    return tmp_path


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_importers_of_old_and_new_names_are_typed(project: Path, checker: str) -> None:
    options = ["--strict", "--cache-dir", "cache"] if checker == "mypy" else ["--pythonpath", sys.executable]
    done = subprocess.run(
        [sys.executable, "-m", checker, *options, "user.py"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    shown = re.findall(r'(?:type is|is) "(.*)"$', done.stdout, re.MULTILINE)
    assert len(shown) == 6, done.stdout
    assert all("HubOrchestrator" in each for each in shown[:4])
    assert shown[4] in ("int", "Literal[3]")
    assert "list[str]" in shown[5]
