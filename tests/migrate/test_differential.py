"""Each migrated class does what it did: the same calls, before and after the migration, come out alike.

The calls are those that the application's own tests make, recorded, and those that hypothesis makes up from
the signatures; each is made again with a cancellation after a few steps of the loop.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from orchestra_codemods.apply import apply
from orchestra_codemods.change import Applied
from tests.support.legacy_bot import migrated_classes, migration, prepared, run_in

HERE = Path(__file__).with_name("differential")
CLASSES = [name.rpartition(".") for name in migrated_classes()]
PLACES = [f"{module}:{name}" for module, _, name in CLASSES]


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, pristine: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """Make all calls in both copies; return what came of them by class, before and after."""
    folder = tmp_path_factory.mktemp("differential")
    after = prepared(folder / "bot")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        assert isinstance(apply(after, migration(after)[1], command="migrate"), Applied)
    recorded, generated = str(folder / "recorded"), str(folder / "generated")
    path = {"PYTHONPATH": os.pathsep.join(["src", ".", "tests", str(HERE)])}
    plugins = ("-p", "pytest_asyncio.plugin", "-p", "recorder", "-p", "no:cacheprovider")
    run_in(pristine, "-m", "pytest", "-q", *plugins, CLASSES=" ".join(PLACES), CALLS=recorded, **path)
    number = "200" if request.config.getoption("--soak") else "12"
    run_in(pristine, str(HERE / "generate.py"), generated, number, *PLACES, **path)
    return tuple(  # type: ignore[return-value]
        by_class(run_in(root, str(HERE / "replay.py"), recorded, generated, PYTHONHASHSEED="0", **path))
        for root in (pristine, after)
    )


def by_class(output: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for line in output.splitlines():
        if line.startswith("["):
            found.setdefault(json.loads(line)[0], []).append(json.loads(line)[1:])
    return found


def test_each_class_does_what_it_did(
    subtests: pytest.Subtests, outcomes: tuple[dict[str, list[Any]], dict[str, list[Any]]]
) -> None:
    for place in PLACES:
        with subtests.test(place):
            (members, *before), (members_now, *after) = (each[place] for each in outcomes)
            assert members[0].items() <= members_now[0].items()
            different = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
            assert different == [], "\n".join(f"{one}\n{other}\n" for one, other in different[:5])
            reached = [what for what in before if what[1] is None and len(what) > 4]
            assert len(reached) >= 12, "too few calls got past the constructor"
