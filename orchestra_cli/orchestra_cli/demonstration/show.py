"""The steps in order, and a summary computed from what happened."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from orchestra_cli.demonstration.application import copy_to, digest_of_tree, start_repository
from orchestra_cli.demonstration.step import Stage, Step

PACKAGE = "core.orchestration"
RESULT = "content_bot.step_result"
OWNER = "Bot team"


@dataclass(slots=True)
class Facts:
    """What the steps brought to light; None where it did not come to that."""

    found: int | None = None
    targets: tuple[str, ...] = ()
    callers: int | None = None
    refused: int | None = None
    files_changed: int | None = None
    tests_before: dict[str, int] = field(default_factory=dict)
    tests_after: dict[str, int] = field(default_factory=dict)
    registered: int | None = None
    is_identical: bool | None = None
    has_git: bool = False


class Demonstration:
    """Runs the steps; :attr:`facts` grows while they run."""

    def __init__(self, folder: Path, beside: Path, *, is_kept: bool) -> None:
        self.folder = folder
        self.facts = Facts()
        self._beside = beside
        self._is_kept = is_kept
        self._stage = Stage(folder, beside)

    def steps(self) -> Iterator[Step]:
        """Copy the application and yield each step when it has run; the first that fails is the last."""
        copy_to(self.folder)
        self.facts.has_git = start_repository(self.folder)
        before = digest_of_tree(self.folder)
        for step in self._way():
            yield step
            if not step.is_fine:
                return
        if not self._is_kept:
            self.facts.is_identical = digest_of_tree(self.folder) == before

    def _way(self) -> Iterator[Step]:
        stage, facts = self._stage, self.facts
        yield self._suite("Its own tests pass before anything is done", facts.tests_before)
        yield stage.orchestra(
            "A package for orchestrators", "init", "--package", PACKAGE, "--step-result", RESULT
        )
        if facts.has_git:
            yield stage.commit("Committed, since what git does not know is not edited", "orchestra init")
        yield stage.orchestra("What there is to migrate", "scan")
        self._read_scan(stage.orchestra("", "scan", "--output-format", "json").output)
        yield stage.orchestra(
            "All of them, with their callers; 1 is the exit code since look-alikes were refused",
            *("migrate", "--all", "--callers", "imports", "--owner", OWNER),
            expected=1,
        )
        self._read_history(stage.orchestra("", "history", "--output-format", "json").output)
        if facts.has_git:
            yield stage.commit("Committed again", "orchestra migrate")
        yield stage.orchestra("What lint finds it mends by itself", "lint", "--fix")
        yield self._suite("The same tests pass after it", facts.tests_after)
        listed = stage.orchestra("What is registered now", "list")
        facts.registered = len(listed.output.splitlines())
        yield listed
        yield stage.orchestra(
            "One of them at work",
            *("run", "fallback_analysis", "--operation", "analyse"),
            *("-p", "content_url=https://news.example/harbour", "-p", "depth=quick"),
        )
        yield stage.orchestra("How far it is", "status")
        if not self._is_kept:
            yield stage.orchestra("Taken back: what lint mended", "undo")
            yield stage.orchestra("Taken back: the migration", "undo")
            yield stage.orchestra("Taken back: the package", "undo")

    def _suite(self, title: str, counts: dict[str, int]) -> Step:
        report = self._beside / "tests.xml"
        report.unlink(missing_ok=True)
        step = self._stage.suite(title, report)
        counts.update(_counted(report))
        return step

    def _read_scan(self, text: str) -> None:
        found = _json(text).get("orchestrators", [])
        accepted = [each for each in found if each["refused"] is None]
        self.facts.found = len(accepted)
        self.facts.refused = len(found) - len(accepted)
        self.facts.targets = tuple(each["name"] for each in accepted)
        self.facts.callers = sum(len(each["callers"]) for each in accepted)

    def _read_history(self, text: str) -> None:
        runs = _json(text).get("runs", [])
        self.facts.files_changed = len(runs[0]["changes"]) if runs else None


def _counted(report: Path) -> dict[str, int]:
    """Return how many tests passed and did not, as the report has it."""
    if not report.is_file():
        return {}
    suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 - pytest wrote it just now
    if suite is None:
        return {}
    total, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
    failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    return {"passed": total - failed - skipped, "failed": failed, "skipped": skipped}


def _json(text: str) -> dict[str, Any]:
    start = text.find("{")
    try:
        value, _ = json.JSONDecoder().raw_decode(text[start:]) if start >= 0 else ({}, 0)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
