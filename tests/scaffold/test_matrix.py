"""Everything that the options can make, in one project: it passes the tools that people use, as it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from orchestra_cli.session import Session
from orchestra_codemods.change import Change
from tests.scaffold.pairs import Choice, pairwise

BIN = Path(sys.executable).parent

OPTIONS: dict[str, list[Any]] = {
    "layer": ["domain", "application", "infrastructure"],
    "type": [
        None,
        "sequential",
        "parallel",
        "hierarchical",
        "adaptive",
        "feedback",
        "monitoring",
        "of the layer",
    ],
    "operations": [
        (),
        ("execute",),
        ("get_health",),
        ("get_metrics", "route"),
        ("submit_signal",),
        ("start", "stop", "flush"),
        ("a", "b_2", "match"),
    ],
    "dependencies": [
        (),
        ("router=shop.routing:get_router",),
        ("router=shop.routing:Router", "clock=time:monotonic"),
        ("cache=shop.cache:get_cache", "router=shop.routing:get_router", "other=shop.cache:untyped"),
    ],
    "background": [
        (),
        ("refresh",),
        ("refresh:0.5", "sweep:3600"),
        ("check_health:30",),
        ("process_signals:5", "sweep"),
    ],
    "durable": [False, True],
}

OF_THE_LAYER = {"domain": "business_logic", "application": "coordination", "infrastructure": "lifecycle"}

SHOP = {
    "shop/__init__.py": '"""The shop."""\n',
    "shop/routing.py": '''"""Routes."""


class Router:
    """Knows the way."""


def get_router() -> Router:
    """Return the router."""
    return Router()
''',
    "shop/cache.py": '''"""A cache."""

from __future__ import annotations

from .routing import Router


class Cache:
    """Remembers."""


def get_cache() -> Cache:
    """Return the cache."""
    return Cache()


def untyped() -> dict[str, Router]:
    """Return something whose type is no name."""
    return {}
''',
}

RUFF = """
[tool.ruff.lint]
select = [
    "A", "ARG", "ASYNC", "B", "C4", "D1", "E", "F", "I", "N", "PERF", "PIE", "PT", "RET", "RUF", "SIM", "UP",
]
ignore = ["D105", "D107"]

[tool.ruff.lint.per-file-ignores]
"tests/**" = ["D"]

[tool.mypy]
strict = true
mypy_path = ["src"]
packages = ["core", "shop"]

[tool.pyright]
include = ["src", "tests"]
extraPaths = ["src"]
"""


def test_a_sample_passes_ruff_and_its_own_tests(project: Path) -> None:
    make(project, pairwise(OPTIONS, at_least=0, seed=20261122)[:24])
    assert_linted(project)
    assert_tested(project, "strict")


def test_one_of_each_layer_passes_where_pytest_asyncio_is_in_auto_mode(project: Path) -> None:
    every = {name: values[0] for name, values in OPTIONS.items()}
    many = {"operations": ("route",), "background": ("sweep",)}
    assert (
        make(
            project,
            [{**every, **extra, "layer": layer} for layer in OPTIONS["layer"] for extra in ({}, many)],
        )
        == 6
    )
    assert_tested(project, "auto")


@pytest.mark.soak
def test_all_pass_every_tool_in_both_modes(project: Path) -> None:
    choices = pairwise(OPTIONS, at_least=250, seed=20261122)
    assert make(project, choices) >= 200
    assert_linted(project)
    run(project, BIN / "mypy", "src", "tests")
    run(project, BIN / "pyright", "--pythonpath", sys.executable)
    assert_tested(project, "strict")
    assert_tested(project, "auto")


def make(project: Path, choices: list[Choice]) -> int:
    """Write an orchestrator for each combination that can be; return how many there are."""
    for path, text in SHOP.items():
        file = project / "src" / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    settings = project / "pyproject.toml"
    settings.write_text(settings.read_text() + RUFF)
    return sum(write(project, number, choice) for number, choice in enumerate(choices))


def write(project: Path, number: int, choice: Choice) -> bool:
    """Plan one orchestrator as the command does, and write what is planned, without a journal for each."""
    from orchestra_cli.scaffold.asked import Asked, prepare
    from orchestra_templates.errors import NotTogetherError

    asked = Asked(
        layer=str(choice["layer"]),
        name=f"case_{number}",
        type=OF_THE_LAYER[choice["layer"]] if choice["type"] == "of the layer" else choice["type"],
        operations=choice["operations"],
        dependencies=choice["dependencies"],
        background=choice["background"],
        durable=bool(choice["durable"]),
    )
    root, config = Session(root=project, is_quiet=True).configured()
    try:
        plan = prepare(asked, root, config, Session(is_quiet=True)).created.plan
    except NotTogetherError:
        assert choice["durable"]
        return False
    assert plan.refusals == ()
    for change in plan.changes:
        put(project, change)
    return True


def put(project: Path, change: Change) -> None:
    assert change.after is not None
    (project / change.path).write_bytes(change.after.data)


def assert_linted(project: Path) -> None:
    run(project, sys.executable, "-m", "orchestra_cli", "lint")
    run(project, BIN / "ruff", "check", "src", "tests")
    run(project, BIN / "ruff", "format", "--check", "src/core", "tests")


def assert_tested(project: Path, mode: str) -> None:
    settings = ("-q", "-x", "-p", "no:randomly", "-p", "no:cacheprovider", "-o", f"asyncio_mode={mode}")
    run(project, sys.executable, "-m", "pytest", *settings, "tests")


def run(project: Path, *command: object) -> None:
    done = subprocess.run(
        [str(word) for word in command],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
