"""Fixtures of the framework's tests: those that users get, and a process that no test changes for another."""

from __future__ import annotations

import asyncio
import importlib
import logging
import re
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from orchestra import default
from orchestra.results import Results
from orchestra.testing.plugin import facade, fake_clock, no_leaked_tasks, orchestration_context
from tests.support.guide import ASSETS, STEP_RESULT, source

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


@pytest.fixture(scope="module", params=["their StepResult", "our StepResult"])
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A project made by ``orchestra init``, its source root on the path."""
    root = tmp_path_factory.mktemp("project")
    (root / "pyproject.toml").write_text('[project]\nname = "bot"\nversion = "0"\n')
    if request.param == "their StepResult":
        package = root / "src" / "ultimate_discord_intelligence_bot"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("")
        shutil.copy(ASSETS / "user_step_result.py", package / "step_result.py")
    command = [
        "init",
        "--package",
        "core.orchestration",
        "--step-result",
        STEP_RESULT,
        "--source-root",
        "src",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "orchestra_cli", *command],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    domain = root / "src" / "core" / "orchestration" / "domain"
    (domain / "my_orchestrator.py").write_text(source(1))
    layer = domain / "__init__.py"
    entry = r'\1"MyOrchestrator": ".my_orchestrator",'
    exports = re.sub(r"(_EXPORTS[^=\n]*= \{)", entry, layer.read_text())
    assert "MyOrchestrator" in exports
    layer.write_text(exports)
    return root


@pytest.fixture
def core(project: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The project's ``core.orchestration``, imported afresh; the facade that it builds is the global one."""
    monkeypatch.syspath_prepend(project / "src")
    yield importlib.import_module("core.orchestration")
    for name in list(sys.modules):
        if name.partition(".")[0] in ("core", "ultimate_discord_intelligence_bot", "my_app"):
            del sys.modules[name]


@pytest.fixture
def results(core: Any) -> Any:
    return importlib.import_module(STEP_RESULT)


@pytest.fixture
def names(core: Any, results: Any) -> Any:
    """What the guide's fragments take for granted."""
    return {
        **{name: getattr(core, name) for name in core.__all__},
        "StepResult": results.StepResult,
        "ErrorCategory": results.ErrorCategory,
        "asyncio": asyncio,
        "uuid": uuid,
        "logging": logging,
        "Any": Any,
    }


@pytest.fixture
def context(core: Any) -> Any:
    return core.OrchestrationContext(tenant_id="test", request_id="test-1", metadata={})
