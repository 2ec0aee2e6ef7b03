"""A project for a Python that cannot be followed is refused before anything of it is judged."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from orchestra_codemods.inventory import take
from orchestra_codemods.inventory.python_version import OLDEST
from tests.support.projects import project_of

FLOW = "class FlowOrchestrator:\n    def run(self):\n        return 1\n"
NEXT = f"{sys.version_info[0]}.{sys.version_info[1] + 1}"


def refused(**files: str) -> str:
    given = {"app/__init__.py": "", "app/flow.py": FLOW}
    given |= {name.replace("__", "/") + ".toml": text for name, text in files.items()}
    (found,) = take(project_of(given)).orchestrators
    return found.refused.why if found.refused else ""


@pytest.mark.parametrize(
    "said", [">=3.8", ">=3.9,<4", "~=3.10", "==3.9.*", "> 3.8", ">=3", ">=3.9.2, !=3.10.0"]
)
def test_a_project_that_runs_on_an_older_python_is_refused(said: str) -> None:
    assert "and the framework needs 3.11" in refused(pyproject=f'[project]\nrequires-python = "{said}"\n')


def test_poetry_says_it_elsewhere() -> None:
    assert "Python 3.9" in refused(pyproject='[tool.poetry.dependencies]\npython = "^3.9"\n')


def test_a_newer_python_may_have_syntax_that_this_one_does_not_know() -> None:
    why = refused(pyproject=f'[project]\nrequires-python = ">={NEXT}"\n')
    assert f"asks for Python {NEXT}" in why


@pytest.mark.parametrize("said", [">=3.11", ">=3.11,<3.15", "<4", "!=3.9.*", "nonsense", ">=3.8,>=3.11"])
def test_a_project_that_can_be_followed_is_not(said: str) -> None:
    assert refused(pyproject=f'[project]\nrequires-python = "{said}"\n') == ""


def test_the_nearest_settings_count() -> None:
    assert "app/pyproject.toml" in refused(
        pyproject='[project]\nrequires-python = ">=3.11"\n',
        app__pyproject='[project]\nrequires-python = ">=3.7"\n',
    )


def test_the_oldest_python_is_the_frameworks() -> None:
    table = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert table["project"]["requires-python"] == f">={OLDEST[0]}.{OLDEST[1]}"
