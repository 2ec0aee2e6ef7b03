"""Read and write real files, and migrate a class that was planted among them (`make corpus`).

    python -m tests.corpus.round_trip [FOLDER]

Over every Python file of each package: what is read is written byte for byte the same; a migration that
concerns none of them changes none; and a legacy class that is planted in a module, with callers in others,
is migrated to code that compiles, while no other file changes.
"""

from __future__ import annotations

import random
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestra_codemods.change import Plan
from orchestra_codemods.config import Config
from orchestra_codemods.inventory import take
from orchestra_codemods.inventory.refusals import is_test
from orchestra_codemods.migrations.orchestrator import MigrateOrchestrators
from orchestra_codemods.names import importers_of, names_of
from orchestra_codemods.plan import plan
from orchestra_codemods.project import Project, Sources
from orchestra_codemods.source import Source, SourceError
from orchestra_codemods.verify import verify
from orchestra_templates.rendering import render_project
from tests.corpus.packages import unpacked

CONFIG = Config(package="orchestrated", patterns=("PlantedOrchestrator",))
OURS = ("orchestrated/", "docs/migrations/", "deprecations.toml")
CALLERS = 4
PLANTINGS = 3
PLANTED = """

class PlantedOrchestrator:
    \"\"\"Runs what grows.\"\"\"

    def __init__(self, size=1):
        self.size = size  # of the plant

    async def run(self, item):
        return [item] * self.size


_planted = None


def get_planted():
    global _planted
    if _planted is None:
        _planted = PlantedOrchestrator()
    return _planted
"""
CALLING = """

def use_what_was_planted():
    from {module} import get_planted as plant, PlantedOrchestrator

    return plant(), PlantedOrchestrator(2)
"""


@dataclass(frozen=True)
class Planting:
    """A project with a planted class: where it is, and who calls it."""

    project: Project
    path: str
    callers: tuple[str, ...]

    @property
    def allowed(self) -> set[str]:
        """The files that may change, apart from our own: also those that imported the module before."""
        found = importers_of(self.project, self.path)
        return {self.path, *self.callers, *(site.path for site in found.sites)}


def read(folder: Path) -> dict[str, bytes]:
    """Return every Python file of a folder."""
    paths = (path for path in folder.rglob("*.py") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(paths)}


def not_written_as_read(files: Mapping[str, bytes]) -> list[str]:
    """Return the files that would not be written byte for byte as they were read."""
    wrong = []
    for path, data in files.items():
        try:
            source = Source.from_bytes(path, data)
        except SourceError:
            continue  # refused by name, never written
        if source.data != data or source.with_text(source.text) != source:
            wrong.append(path)
    return wrong


def project_of(files: Mapping[str, bytes]) -> Project:
    """Return the files as a project with the package for orchestrators; what cannot be read is left out."""
    home = {f"orchestrated/{path}": text.encode() for path, text in render_project(None).items()}
    sources = {}
    for path, data in {**files, **home}.items():
        try:
            sources[path] = Source.from_bytes(path, data)
        except SourceError:
            continue
    return Project(Path("/nowhere"), Sources(Path("/nowhere"), (), sources), CONFIG)


def migrate(project: Project) -> Plan:
    """Plan and verify the migration of everything, as the command does."""
    unit = MigrateOrchestrators(remove_on=date(2027, 2, 20), take=take)

    def replan(current: Project, without: frozenset[str]) -> Plan:
        return plan(current, [unit.leaving_out(without)])

    return verify(project, plan(project, [unit]), replan)


def plant(project: Project, chance: random.Random) -> Planting:
    """Put a legacy class at the end of a module, and callers at the end of others."""
    index = names_of(project).index
    places = [path for path in project.sources if _takes(project, path)]
    path = chance.choice([each for each in places if not is_test(each)])
    callers = chance.sample([each for each in places if each != path], CALLERS)
    module = index.module(path)
    assert module is not None
    texts = {path: PLANTED} | {each: CALLING.format(module=module.name) for each in callers}
    sources = {each: project.sources[each] for each in project.sources}
    for each, text in texts.items():
        before = sources[each]
        end = "" if before.text.endswith(("\n", "\r")) or not before.text else before.newline
        sources[each] = before.with_text(before.text + end + text.replace("\n", before.newline))
    planted = Project(project.root, Sources(project.root, (), sources), project.config)
    return Planting(planted, path, tuple(callers))


def _takes(project: Project, path: str) -> bool:
    """Tell whether something can be written at the end of a file, and be imported from there."""
    names = names_of(project)
    is_plain = not path.startswith("orchestrated/") and not path.endswith(("__init__.py", "__main__.py"))
    return is_plain and names.index.module(path) is not None and names.facts(path) is not None


def harm(planting: Planting, migrated: Plan) -> list[str]:
    """Return what a migration did that it should not have done."""
    wrong = []
    for change in migrated.changes:
        if change.path not in planting.allowed and not change.path.startswith(OURS):
            wrong.append(f"{change.path} changed")
        if change.after is not None and change.path.endswith(".py"):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    compile(change.after.data, change.path, "exec", dont_inherit=True)
                except (SyntaxError, ValueError) as error:
                    wrong.append(f"{change.path} does not compile: {error}")
    if migrate(planting.project.updated(migrated.changes)).changes:
        wrong.append("a second run changes something")
    return [f"{each}, planted in {planting.path}" for each in wrong]


def is_migrated(planting: Planting, migrated: Plan) -> bool:
    """Tell whether the planted class became an orchestrator."""
    after = planting.project.updated(migrated.changes)
    return any(
        "class PlantedOrchestrator(BaseOrchestrator)" in after.sources[path].text for path in after.sources
    )


def main(arguments: list[str]) -> int:
    """Go through the packages; exit with 1 where something was harmed."""
    chance = random.Random(20_261_124)
    files_seen = plantings = done = 0
    wrong: list[str] = []
    for package in unpacked(arguments):
        files = read(package)
        files_seen += len(files)
        wrong += not_written_as_read(files)
        project = project_of(files)
        wrong += [f"{each.path} changed for nothing" for each in migrate(project).changes]
        for _ in range(PLANTINGS):
            planting = plant(project, chance)
            migrated = migrate(planting.project)
            wrong += harm(planting, migrated)
            plantings += 1
            done += is_migrated(planting, migrated)
        print(f"{package.name:<28}{len(files):>7} files", flush=True)
    print(
        f"{files_seen} files, {plantings} plantings, {done} migrated, {len(wrong)} harmed", *wrong, sep="\n"
    )
    return int(bool(wrong))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
