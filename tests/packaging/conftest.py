"""The wheel, built once and installed into an environment that holds nothing else."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

import pytest

from tests.support.environments import ROOT, Environment, quietly


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as an installer would, with the build back end that is installed here."""
    folder = tmp_path_factory.mktemp("dist")
    quietly([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)])
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The wheel alone: neither the extras nor the base dependency."""
    return Environment.with_wheel(
        wheel, tmp_path_factory.mktemp("bare"), tmp_path_factory.mktemp("elsewhere")
    )


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The wheel with its dependencies, lent from this environment so that no test needs a network.

    What is lent comes last on the path: our own packages are the wheel's.
    """
    environment = Environment.with_wheel(
        wheel, tmp_path_factory.mktemp("installed"), tmp_path_factory.mktemp("elsewhere")
    )
    environment.lend(sysconfig.get_paths()["purelib"])
    return environment
