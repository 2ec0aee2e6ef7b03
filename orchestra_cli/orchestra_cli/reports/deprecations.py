"""Who uses deprecated modules, and what is wrong with the deprecations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from orchestra_cli.terminal import Style

if TYPE_CHECKING:
    from orchestra_codemods.deprecations.due import Due
    from orchestra_codemods.deprecations.users import User
    from orchestra_codemods.deprecations.warned import Warned
    from orchestra_codemods.project import Project


@dataclass(frozen=True, slots=True)
class ModuleUsers:
    """One module with the places that refer to it, and how often each place was warned when it ran."""

    name: str
    path: str
    users: Sequence[User]
    warned: Warned


@dataclass(frozen=True, slots=True)
class UserReport:
    """The users of some modules."""

    modules: tuple[ModuleUsers, ...]
    command: str = "deprecate-users"

    @classmethod
    def of(cls, project: Project, users: Mapping[str, Sequence[User]], runs: str) -> UserReport:
        """Put together what was found in the source and what runs have said."""
        from orchestra_codemods.deprecations.warned import warned_about
        from orchestra_codemods.names import names_of

        modules = {path: names_of(project).index.module(path) for path in users}
        return cls(
            tuple(
                ModuleUsers(
                    module.name if module else path, path, users[path], warned_about(project, runs, path)
                )
                for path, module in modules.items()
            )
        )

    def data(self) -> Mapping[str, Any]:
        """Return the modules with their users."""
        return {
            "modules": [
                {
                    "name": one.name,
                    "path": one.path,
                    "users": [{**asdict(user), "blocks": user.blocks} for user in one.users],
                    "warnings": dict(sorted(one.warned.places.items())),
                    "last_warned": one.warned.last_day,
                }
                for one in self.modules
            ]
        }

    def lines(self, style: Style) -> Iterable[str]:
        """Return the users below each module."""
        for one in self.modules:
            blocking = sum(user.blocks for user in one.users)
            yield f"{style.bold(one.name)}: {_count(blocking, 'user')}"
            for user in one.users:
                yield f"  {user.path}:{user.line}  {style.dim(f'{user.form} {user.name}'.rstrip())}"
            for place, times in sorted(one.warned.places.items()):
                yield f"  {place}  {style.dim('warned ' + _count(times, 'time'))}"
            if one.warned.last_day is not None:
                yield f"  {style.dim(f'warned last on {one.warned.last_day}')}"
        if not self.modules:
            yield "no module is recorded as deprecated"


@dataclass(frozen=True, slots=True)
class DueReport:
    """The findings of a day."""

    today: str
    records: int
    findings: Sequence[Due]
    command: str = "deprecate-check"

    def data(self) -> Mapping[str, Any]:
        """Return the findings."""
        return {
            "today": self.today,
            "records": self.records,
            "findings": [asdict(finding) for finding in self.findings],
        }

    def lines(self, style: Style) -> Iterable[str]:
        """Return two lines for each finding."""
        for finding in self.findings:
            place = style.bold(f"{finding.path}:{finding.line}")
            yield f"{place}: {style.yellow(finding.code)}: {finding.message}"
            yield f"  {style.dim(finding.what_to_do)}"
        count = _count(len(self.findings), "finding")
        yield f"{_count(self.records, 'record')}, {count} on {self.today}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
