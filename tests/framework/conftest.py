"""Fixtures of the framework's tests: those that users get, and a process that no test changes for another."""

from __future__ import annotations

import logging
from typing import Any

import pytest
import structlog

from orchestra import default
from orchestra.results import Results
from orchestra.testing.plugin import facade, fake_clock, no_leaked_tasks, orchestration_context

__all__ = ["facade", "fake_clock", "no_leaked_tasks", "orchestration_context"]


@pytest.fixture(autouse=True)
def _untouched_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(default._process, "results", Results())
    monkeypatch.setattr(default._process, "build", None)
    monkeypatch.setattr(default._process, "facade", None)
    monkeypatch.setattr(logging.getLogger("orchestra"), "level", logging.NOTSET)
    manager: Any = logging.getLogger("orchestra").manager
    manager._clear_cache()
    structlog.reset_defaults()
