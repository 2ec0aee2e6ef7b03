"""Each of the shapes that the application's map names has the fate that stands there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from orchestra_codemods.change import Plan
from orchestra_codemods.project import Project
from tests.support.legacy_bot import APPLICATION, migration

IN_PLACE = {
    "around-dunder-file",
    "around-stub",
    "import-top-try",
    "import-two-names-module",
    "import-accessor-aliased",
    "patch-two-names",
}
"""Rows about the three modules that stay where they are; the map speaks of a migration that moves all."""
STARS = {"import-star"}
"""Kept as a shape: the module after `from` is another one."""
ROW = re.compile(r"^\| ([\w-]+) \| .* \| ([^|]+):(\d+) \| `(.*)` \| (\w+).* \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def migrated(pristine: Path) -> tuple[Project, Project, Plan]:
    """Return the application before and after, and the plan."""
    project, plan = migration(pristine)
    return project, project.updated(plan.changes), plan


def test_what_is_rewritten_changes_and_what_is_kept_stays(migrated: tuple[Project, Project, Plan]) -> None:
    before, after, _ = migrated
    home = "\n".join(after.sources[path].text for path in after.sources if path.startswith("src/core/"))
    rows = ROW.findall((APPLICATION / "SHAPES.md").read_text())
    assert len(rows) > 150
    wrong = []
    for identity, path, number, _, fate in rows:
        line = before.sources[path].text.splitlines()[int(number) - 1]
        here = line in after.sources[path].text.splitlines()
        if fate == "rewritten" and here is not (identity in IN_PLACE):
            wrong.append((identity, fate, path, line))
        if fate in ("kept", "refused", "reported") and not here and line not in home:
            wrong.append((identity, fate, path, line))
    assert [each for each in wrong if each[0] not in STARS] == []


def test_look_alikes_and_what_is_broken_already_are_not_touched(
    migrated: tuple[Project, Project, Plan],
) -> None:
    """A file with a refused class changes only where it imports another one."""
    before, after, plan = migrated
    refused = {one.path for one in plan.refusals}
    assert len(plan.refusals) == 9
    for path in refused:
        old, new = (project.sources[path].text.splitlines() for project in (before, after))
        gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
        assert all("import" in one or '"' in one or not one for one in (*gone, *come)), (path, gone, come)
    assert all(one.why and one.what_to_do for one in plan.refusals)
