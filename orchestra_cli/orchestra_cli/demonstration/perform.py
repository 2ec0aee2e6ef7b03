"""Run the demonstration, showing each step when it has run."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from orchestra_cli.demonstration.show import Demonstration
from orchestra_cli.demonstration.step import Step
from orchestra_cli.errors import DemoNotInstalledError
from orchestra_cli.reports.demonstration import DemonstrationReport, step_lines
from orchestra_cli.session import Session
from orchestra_cli.terminal import style_of, write_out


def perform(session: Session, keep: Path | None, output_format: str) -> int:
    """Return 0 when everything worked, else 1. Raises DemoNotInstalledError and InvalidValueError."""
    missing = [name for name in ("pytest", "pytest_asyncio") if find_spec(name) is None]
    if missing:
        raise DemoNotInstalledError(
            f"the demonstration needs {' and '.join(missing)}",
            hint="pip install 'orchestra-framework[demo]'",
        )
    with ExitStack() as stack:
        beside = Path(stack.enter_context(TemporaryDirectory(prefix="orchestra-demo-"))).resolve()
        folder = beside / "legacy_bot" if keep is None else keep.resolve()
        demonstration = Demonstration(folder, beside, is_kept=keep is not None)
        steps: list[Step] = []
        if output_format == "text":
            write_out(f"In {folder}, a copy of the bundled legacy application:\n\n")
        for step in demonstration.steps():
            steps.append(step)
            if output_format == "text":
                _show(session, len(steps), step)
        report = DemonstrationReport(folder, steps, demonstration.facts, is_kept=keep is not None)
        session.show(report, output_format)
    return 1 if report.problems else 0


def _show(session: Session, number: int, step: Step) -> None:
    most = sys.maxsize if session.is_verbose else None
    lines = step_lines(number, step, style_of(sys.stdout), *([most] if most else []))
    write_out("".join(f"{line}\n" for line in lines))
