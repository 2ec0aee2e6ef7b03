"""What `orchestra demo` showed, and whether it is true that everything worked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from orchestra_cli.demonstration.show import Facts
from orchestra_cli.demonstration.step import Step
from orchestra_cli.terminal import Style

LINES = 14
"""How many lines of a step's output are shown."""


@dataclass(frozen=True, slots=True)
class DemonstrationReport:
    """All steps and what came of them."""

    folder: Path
    steps: Sequence[Step]
    facts: Facts
    is_kept: bool
    command: str = "demo"

    @property
    def problems(self) -> list[str]:
        """What went wrong; nothing when everything worked."""
        facts = self.facts
        found = [
            f"`{step.shown}` ended with exit code {step.code}" for step in self.steps if not step.is_fine
        ]
        if not found and facts.tests_before != facts.tests_after:
            found.append(
                f"the tests differ: {_tests(facts.tests_before)} before, {_tests(facts.tests_after)} after"
            )
        if not found and facts.tests_after.get("failed", 1):
            found.append(f"tests failed: {_tests(facts.tests_after)}")
        if not found and facts.registered != len(facts.targets):
            found.append(f"{facts.registered} are registered, {len(facts.targets)} were migrated")
        if not found and not self.is_kept and not facts.is_identical:
            found.append("after undo the tree is not what it was")
        return found

    def data(self) -> Mapping[str, Any]:
        """Return steps, facts and problems."""
        return {
            "folder": str(self.folder) if self.is_kept else None,
            "steps": [
                {"title": step.title, "command": step.shown, "exit_code": step.code, "seconds": step.seconds}
                for step in self.steps
            ],
            "facts": {**asdict(self.facts), "targets": list(self.facts.targets)},
            "problems": self.problems,
        }

    def lines(self, style: Style) -> Iterable[str]:
        """Return the summary; the steps were shown when they ran."""
        facts = self.facts
        yield style.bold("Summary")
        if facts.found is not None:
            yield f"  {facts.found} legacy orchestrators were found, {facts.refused} look-alikes refused."
        if facts.files_changed is not None:
            yield (
                f"  {len(facts.targets)} were migrated with {facts.callers} references to them, "
                f"in {facts.files_changed} files."
            )
        yield f"  Tests before: {_tests(facts.tests_before)}. Tests after: {_tests(facts.tests_after)}."
        if facts.is_identical is not None:
            yield f"  After undo the tree is {'' if facts.is_identical else 'NOT '}byte for byte what it was."
        if self.is_kept:
            yield f"  The migrated application is in {self.folder}."
        yield f"  {sum(step.seconds for step in self.steps):.1f} seconds in {len(self.steps)} steps."
        for problem in self.problems:
            yield f"  {style.red('problem')}: {problem}"
        yield style.red("Something did not work.") if self.problems else style.green("Everything worked.")


def step_lines(number: int, step: Step, style: Style, most: int = LINES) -> Iterator[str]:
    """Yield what is shown of a step when it has run."""
    yield f"{style.bold(f'{number}. {step.title}')} {style.dim(f'({step.seconds:.1f} s)')}"
    yield f"   {style.cyan(f'$ {step.shown}')}"
    output = step.output.splitlines()
    shown = (
        output
        if len(output) <= most
        else [*output[: most - 3], f"… {len(output) - most + 1} more lines …", *output[-2:]]
    )
    yield from (f"   {_clipped(line)}" for line in shown)
    if not step.is_fine:
        yield f"   {style.red(f'exit code {step.code}')}"
    yield ""


def _clipped(line: str, most: int = 150) -> str:
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _tests(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "none ran"
