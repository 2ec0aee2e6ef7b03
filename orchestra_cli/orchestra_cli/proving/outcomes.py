"""What a run of the project's tests came to, test by test where it says so, and what is worse than before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

PASSED, SKIPPED, FAILED, MISSING = "passed", "skipped", "failed", "missing"
_RANK = {PASSED: 0, SKIPPED: 1, FAILED: 2, MISSING: 3}


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a test command. ``exit_code`` is None where it was stopped for taking too long.

    ``tests`` are the outcomes by test, empty where the command writes no report that we can read;
    ``messages`` the reasons of failed tests. ``modules`` are names and files of what was loaded.
    """

    exit_code: int | None
    seconds: float
    tests: Mapping[str, str] = field(default_factory=dict)
    messages: Mapping[str, str] = field(default_factory=dict)
    modules: frozenset[tuple[str, str]] = frozenset()
    output: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """How many tests had each outcome."""
        return dict(sorted(Counter(self.tests.values()).items()))

    @property
    def ending(self) -> str:
        """How it ended, in words."""
        return "was stopped" if self.exit_code is None else f"ended with exit code {self.exit_code}"


@dataclass(frozen=True, slots=True)
class Worse:
    """A test, or the command itself, that does worse than before."""

    test: str
    before: str
    after: str
    message: str = ""

    def __str__(self) -> str:
        said = f" ({self.message})" if self.message else ""
        return f"{self.test}: {self.before} before, {self.after} after{said}"


def worse(before: Run, after: Run) -> list[Worse]:
    """Return what is worse after: each test that was fine, or the command where no test says it."""
    if before.tests and after.tests:
        found = list(_worse_tests(before, after))
        if found:
            return found
    is_fine = after.exit_code in {before.exit_code, 0}
    if is_fine and (after.tests or not before.tests):
        return []
    said = after.output.strip().rpartition("\n")[2].strip()
    return [Worse("the test command", before.ending, after.ending, said)]


def best_of(one: Run, other: Run) -> Run:
    """Return of two runs of the same code what each test came to at best."""
    tests = {
        name: min(one.tests.get(name, MISSING), other.tests.get(name, MISSING), key=_rank)
        for name in {**one.tests, **other.tests}
    }
    better = one if one.exit_code == 0 else other
    # Where other tests failed each time, no test stands for the exit code.
    is_by_chance = all(FAILED in run.tests.values() and run.exit_code == 1 for run in (one, other))
    code = 0 if is_by_chance and FAILED not in tests.values() else better.exit_code
    return replace(better, exit_code=code, tests=tests, modules=one.modules | other.modules)


def worst_of(one: Run, other: Run) -> Run:
    """Return a run with the outcomes of tests that were worse in another of the same code.

    What the other run does not speak of stays as it was: a run that broke off excuses nothing.
    """
    tests = {name: max(was, other.tests.get(name, was), key=_rank) for name, was in one.tests.items()}
    code = one.exit_code or other.exit_code
    return replace(one, exit_code=code, tests=tests, seconds=max(one.seconds, other.seconds))


def read_reports(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Return outcomes and messages of all JUnit reports in a folder; the worst where a test ran twice."""
    tests: dict[str, str] = {}
    messages: dict[str, str] = {}
    for file in sorted(folder.glob("*.xml")):
        for name, outcome, message in _cases(file):
            tests[name] = max(outcome, tests.get(name, PASSED), key=_rank)
            if outcome == FAILED:
                messages.setdefault(name, message)
    return tests, messages


def _rank(outcome: str) -> int:
    return _RANK[outcome]


def _worse_tests(before: Run, after: Run) -> Iterable[Worse]:
    for name, was in before.tests.items():
        now = after.tests.get(name, MISSING)
        if _RANK[now] > _RANK[was] and (was == PASSED or now == FAILED):
            yield Worse(name, was, now, after.messages.get(name, ""))


def _cases(file: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the test cases of a report, as pytest and others write it (the JUnit schema)."""
    from xml.etree import ElementTree as ET

    try:
        root = ET.parse(file).getroot()  # noqa: S314 - written by the project's own tests
    except (ET.ParseError, OSError):
        return
    for case in root.iter("testcase"):
        name = "::".join(part for part in (case.get("classname"), case.get("name")) if part)
        bad = next((each for each in case if each.tag in ("failure", "error")), None)
        if bad is not None:
            yield name, FAILED, (bad.get("message") or "").strip().partition("\n")[0]
        else:
            yield name, SKIPPED if case.find("skipped") is not None else PASSED, ""
