"""Options shared by all tests: what is sampled by default runs in full with ``--soak``."""

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says what else the machine does, not whether a promise is kept.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="run in full what is sampled otherwise")
    parser.addoption("--corpus", help="a folder of unpacked packages for the tests marked `corpus`")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = {name for name in ("soak", "corpus") if not config.getoption(f"--{name}")}
    dropped = [item for item in items if left_out & {mark.name for mark in item.iter_markers()}]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if item not in dropped]
