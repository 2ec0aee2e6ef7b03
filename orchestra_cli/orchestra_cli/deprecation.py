"""What the commands of `orchestra deprecate` have in common: a project, its records, its modules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from orchestra_cli.errors import InvalidValueError, UsageError
from orchestra_cli.reports.changes import ChangeReport
from orchestra_cli.session import Session
from orchestra_cli.suggest import did_you_mean
from orchestra_cli.writing import Writing, carry_out, conclude
from orchestra_codemods.change import Plan
from orchestra_codemods.deprecations.record import PATH, Record, find_record, read_records
from orchestra_codemods.names import names_of
from orchestra_codemods.project import Project
from orchestra_codemods.scan import scan


class NoRecordError(UsageError):
    """The module has no deprecation record. `orchestra deprecate mark` writes one."""

    code = "no-deprecation-record"


class NoModuleError(UsageError):
    """There is no module of that name or at that path in the project."""

    code = "no-such-module"


class Answer(NamedTuple):
    """The command that answers, as in its schema, and in which format."""

    command: str
    output_format: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A project and its deprecation records."""

    project: Project
    records: tuple[Record, ...]

    @classmethod
    def of(cls, session: Session) -> Scene:
        """Read the project that the session is in. Raises BrokenRecordsError."""
        root, config = session.configured()
        with session.progress("Scanning"):
            project = scan(root, config)
        for one in project.skipped:
            session.warn(f"{one.path}: {one.why}")
        return cls(project, read_records(project.sources.get(PATH)))

    def record(self, wanted: str) -> Record:
        """Return the record of a module, named or by its file. Raises NoRecordError."""
        found = find_record(self.records, wanted) or find_record(self.records, self._relative(wanted))
        if found is None:
            names = [record.name for record in self.records]
            raise NoRecordError(
                f"`{wanted}` has no record in {PATH}",
                hint=did_you_mean(wanted, names, "`orchestra deprecate mark` writes one."),
            )
        return found

    def module_path(self, wanted: str) -> str:
        """Return the file of a module that is named, or given as a file. Raises NoModuleError."""
        path = self._relative(wanted)
        if f"{path}/__init__.py" in self.project.sources:
            path = f"{path}/__init__.py"
        if path in self.project.sources and names_of(self.project).index.module(path) is not None:
            return path
        module = names_of(self.project).index.find(wanted)
        if module is None and path.endswith(".py") and path in self.project.sources:
            raise NoModuleError(
                f"no import leads to {path}: nothing can use it but by its path",
                hint="To be imported it needs another name or a place in `source-roots`; else delete it.",
            )
        if module is None or module.path is None:
            raise NoModuleError(
                f"there is no module `{wanted}` in the project",
                hint="Name it as it is imported, or as a file.",
            )
        return module.path

    def _relative(self, wanted: str) -> str:
        full = (Path.cwd() / wanted).resolve()
        if full.is_relative_to(self.project.root):
            return full.relative_to(self.project.root).as_posix()
        return wanted


def day_of(given: str | None, option: str) -> date:
    """Return the day that an option names, today where it was not given. Raises InvalidValueError."""
    if given is None:
        return date.today()  # noqa: DTZ011 - a day on the calendar of whoever runs it
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise InvalidValueError(
            f"{option} cannot be `{given}`", hint="A date is written YYYY-MM-DD."
        ) from None


def runs_text(files: Sequence[Path]) -> str:
    """Return what runs have written or printed. Raises InvalidValueError for a file that cannot be read."""
    texts = []
    for file in files:
        try:
            texts.append(file.read_text("utf-8", "replace"))
        except OSError as error:
            raise InvalidValueError(
                f"--warnings {file} cannot be read: {error.strerror}",
                hint="Name what a run wrote with ORCHESTRA_DEPRECATED_USES, or printed.",
            ) from None
    return "\n".join(texts)


def write(session: Session, scene: Scene, plan: Plan, writing: Writing, answer: Answer) -> int:
    """Carry a plan out and report it; a plan with refusals writes nothing."""
    ordered = tuple(sorted(plan.changes, key=lambda change: change.path))
    plan = Plan(refusals=plan.refusals) if plan.refusals else Plan(changes=ordered, findings=plan.findings)
    outcome = carry_out(
        session, scene.project.root, plan, writing, command=f"orchestra {answer.command.replace('-', ' ')}"
    )
    report = ChangeReport(command=answer.command, outcome=outcome, shows_diff=writing.diff, more=_to_do(plan))
    session.show(report, answer.output_format)
    return conclude(outcome, writing)


def _to_do(plan: Plan) -> dict[str, Any]:
    if not plan.findings:
        return {}
    found = [{"path": one.path, "line": one.span.line, "message": one.message} for one in plan.findings]
    return {"to_do": found}


def chosen(scene: Scene, wanted: Sequence[str]) -> list[str]:
    """Return the files of the modules that are named, or of all records that are not removed."""
    if wanted:
        return [scene.module_path(one) for one in wanted]
    return [one.path for one in scene.records if one.removed_on is None and one.path in scene.project.sources]
