"""Fixes as a person makes them: the project's tests pass before and after, and undo takes all of it back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Orchestra

_SETTINGS = "[project]\nname = 'x'\nversion = '1'\n"
_FLOW = '''"""A flow."""

from __future__ import annotations

from orchestra import BaseOrchestrator, OrchestrationLayer, operation

BUILT = []


class FlowOrchestrator(BaseOrchestrator):
    """Counts how often it was built."""

    def __init__(self) -> None:
        super().__init__(layer=OrchestrationLayer.DOMAIN, name="flow")
        BUILT.append(self)  # counted

    @operation
    async def run(self, number: int = 2) -> int:
        return number
'''
_CONTEXT = 'OrchestrationContext(tenant_id="t", request_id="r", metadata={})'
SITUATIONS: dict[str, tuple[str, dict[str, str], tuple[str, ...]]] = {
    "an instance at import is built on first use": (
        "ORC206",
        {
            "app/flow.py": _FLOW
            + "\n\nflow: FlowOrchestrator = FlowOrchestrator()  # the one\n"
            + "_second = FlowOrchestrator()\nTHIRD = FlowOrchestrator()\n\n\n"
            + "def second() -> FlowOrchestrator:\n    return _second\n\n\n"
            + "def names() -> list[str]:\n    return [one.name for one in (flow, THIRD)]\n",
            "app/use.py": "from app import flow as module\nfrom app.flow import BUILT, flow\n\n\n"
            "async def use() -> int:\n    return await flow.run() + await module.flow.run() + len(BUILT)\n",
            "tests/test_app.py": "import asyncio\n\nfrom app import flow, use\n\n\n"
            "def test_use():\n    assert asyncio.run(use.use()) - len(flow.BUILT) == 4\n"
            "    assert flow.second() is flow.second() is not flow.flow\n"
            "    assert flow.names() == ['flow', 'flow']\n    assert flow.THIRD is flow.THIRD\n",
        },
        ("app/flow.py", "app/use.py", "tests/test_app.py"),
    ),
    "an import that a call through the facade leaves without use goes": (
        "ORC205",
        {
            "app/flow.py": _FLOW,
            "app/wiring.py": "def register_orchestrators(facade):\n"
            '    facade.register_factory("flow", _flow)\n\n\n'
            "def _flow():\n    from app.flow import FlowOrchestrator\n\n    return FlowOrchestrator()\n",
            "app/use.py": "import asyncio\n\nfrom app.flow import BUILT, FlowOrchestrator\n\n\n"
            "async def use(facade, context):\n    await asyncio.sleep(0)\n"
            "    return await FlowOrchestrator().run(3), len(BUILT)\n",
            "tests/test_app.py": "import asyncio\n\n"
            "from orchestra import OrchestrationContext, OrchestrationFacade\n\n"
            "from app import use, wiring\n\n\ndef test_use():\n    async def go():\n"
            "        async with OrchestrationFacade() as facade:\n"
            "            wiring.register_orchestrators(facade)\n"
            f"            return await use.use(facade, {_CONTEXT})\n\n"
            "    assert asyncio.run(go()) == (3, 1)\n",
        },
        ("app/use.py",),
    ),
    "a lost method comes back": (
        "ORC404",
        {
            "app/flow.py": _FLOW
            + "\n    def _twice(self, number: int = 1) -> int:\n        return 2 * number\n"
            + "\n    def _all(self):\n        yield from BUILT\n"
            + "\n    @property\n    def _size(self) -> int:\n        return len(BUILT)\n"
            + '\n    @operation(name="thrice")\n    async def _threefold(self, number: int) -> int:\n'
            + "        return 3 * number\n",
            "app/old.py.DEPRECATED": "class FlowOrchestrator:\n    async def run(self, number=2):\n"
            "        return number\n\n    def twice(self, number=1):\n        return 2 * number\n\n"
            "    def all(self):\n        yield 1\n\n    @property\n    def size(self):\n        return 1\n\n"
            "    async def thrice(self, number):\n        return 3 * number\n",
            "tests/test_app.py": "import asyncio\n\nfrom app.flow import FlowOrchestrator\n\n\n"
            "def test_all_is_there():\n    flow = FlowOrchestrator()\n    if hasattr(flow, 'twice'):\n"
            "        assert (flow.twice(4), list(flow.all())[-1], flow.size > 0) == (8, flow, True)\n"
            "        assert asyncio.run(flow.thrice(2)) == 6\n",
        },
        ("app/flow.py",),
    ),
    "a dependency is built on first use": (
        "ORC202",
        {
            "app/router.py": "MADE = []\n\n\ndef get_router():\n    MADE.append(1)\n    return 'router'\n",
            "app/base.py": "from orchestra import BaseOrchestrator\n\n__all__ = ['BaseOrchestrator']\n",
            "app/flow.py": _FLOW.replace(
                "        BUILT.append(self)  # counted\n",
                "        from .router import get_router\n        self._router: str = get_router()\n",
            )
            + "\n    def route(self) -> str:\n        return self._router\n",
            "tests/test_app.py": "from app.flow import FlowOrchestrator\n\n\ndef test_route():\n"
            "    flow = FlowOrchestrator()\n    assert flow.route() + flow.route() == 'routerrouter'\n",
        },
        ("app/flow.py",),
    ),
    "events and loggers are the framework's": (
        "ORC302",
        {
            "app/flow.py": _FLOW.replace(
                "from orchestra import Base", "import structlog\nfrom orchestra import Base"
            ).replace(
                "        BUILT.append(self)  # counted\n",
                "        self.logger = structlog.get_logger()\n        BUILT.append(self)\n",
            ),
            "tests/test_app.py": "import asyncio\n\nfrom app.flow import FlowOrchestrator\n\n\n"
            "def test_run():\n    flow = FlowOrchestrator()\n    flow.logger.info('x')\n"
            "    assert asyncio.run(flow.run(1)) == 1\n",
        },
        ("app/flow.py",),
    ),
}


WINDOWS = next(iter(SITUATIONS))


def _git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


_RUN = (
    "import sys; sys.path.insert(0, '.'); from tests import test_app\n"
    "for name, test in list(vars(test_app).items()):\n"
    "    if name.startswith('test_'): test(); print(name)"
)


def _passes_its_tests(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _RUN], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "test_" in done.stdout) == (0, True), done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return tmp_path


@pytest.mark.parametrize(("why", "newline"), [*((why, "\n") for why in SITUATIONS), (WINDOWS, "\r\n")])
def test_what_a_fix_makes_passes_the_projects_tests_and_is_all_that_is_made(
    orchestra: Orchestra, project: Path, why: str, newline: str
) -> None:
    code, files, changed = SITUATIONS[why]
    files = {"pyproject.toml": _SETTINGS, ".gitignore": "__pycache__/\n", "app/__init__.py": ""} | files
    for path, text in files.items():
        (project / path).parent.mkdir(exist_ok=True)
        mark = b"\xef\xbb\xbf" if newline == "\r\n" and path.endswith(".py") else b""
        (project / path).write_bytes(mark + text.replace("\n", newline).encode())
    _git(project, "init", "-q")
    _git(project, "-c", "core.autocrlf=false", "add", "-A")
    _git(project, "commit", "-qm", "x")
    _passes_its_tests(project)
    command = ("lint", "--no-ruff", "--select", code, "--unsafe-fixes")
    done = orchestra(*command)
    assert (done.code, "not mended" in done.err) == (0, False), done.out + done.err
    assert _git(project, "diff", "--name-only").split() == list(changed)
    _passes_its_tests(project)
    for path in changed:
        data = (project / path).read_bytes()
        assert data.startswith(b"\xef\xbb\xbf") == (newline == "\r\n")
        assert data.count(b"\r\n") == (data.count(b"\n") if newline == "\r\n" else 0)
        for comment in (line.partition("#")[2] for line in files[path].splitlines() if "#" in line):
            assert comment.encode() in data
    state = _git(project, "diff")
    assert orchestra(*command, "--allow-dirty").code == 0
    assert _git(project, "diff") == state
    assert orchestra("undo").code == 0
    assert _git(project, "status", "--short") == ""
