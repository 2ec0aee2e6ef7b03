"""The five steps of each orchestrator, and what it left behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orchestra_cli.terminal import Style

_ALL = ("import", "instantiate", "register", "execute", "cleanup")


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """What became of each orchestrator that was verified."""

    results: Sequence[Mapping[str, Any]]
    command: str = "verify"

    def data(self) -> Mapping[str, Any]:
        """Return the steps, and how many of them were done."""
        return {
            "orchestrators": [
                {
                    "name": each["name"],
                    "passed": each["passed"],
                    "done": done(each["steps"]),
                    "steps": each["steps"],
                    "leaked": each["leaked"],
                }
                for each in self.results
            ]
        }

    def lines(self, style: Style) -> Iterable[str]:
        """Return the steps below each name, and a sum at the end."""
        for each in self.results:
            yield from _one(each, style)
        passed = sum(each["passed"] for each in self.results)
        yield f"{passed} of {len(self.results)} passed" if self.results else "no orchestrators are registered"


def done(steps: Sequence[Mapping[str, Any]]) -> int:
    """Return how many of the five steps were done; of several executions all count as one."""
    fine = {step["name"] for step in steps if step["outcome"] == "ok"}
    return len(fine - {step["name"] for step in steps if step["outcome"] != "ok"})


def _one(result: Mapping[str, Any], style: Style) -> Iterator[str]:
    steps = result["steps"]
    colour = style.green if result["passed"] else style.red
    word = "passed" if result["passed"] else "failed"
    yield f"{style.bold(result['name'])}  {colour(word)}, {done(steps)} of {len(_ALL)} steps"
    for step in steps:
        paint = {"ok": style.green, "failed": style.red}.get(step["outcome"], style.yellow)
        yield f"  {paint(step['outcome'].ljust(7))} {step['name'].ljust(11)} {step['detail']}".rstrip()
    reached = {step["name"] for step in steps}
    missing = [name for name in _ALL if name not in reached]
    if missing:
        yield f"  {style.dim('not reached: ' + ', '.join(missing))}"
    for task in result["leaked"]:
        yield f"  {style.red('leaked')}  {task['task']}  {style.dim(' <- '.join(reversed(task['stack'])))}"
