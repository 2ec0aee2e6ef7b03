"""What `orchestra migrate` was asked for, and whether that makes sense together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from orchestra_cli.errors import ConflictingOptionsError, InvalidValueError, MissingValueError
from orchestra_cli.migrating.planner import Accessors, Callers, Dependencies, Routing, Settings
from orchestra_codemods.config import Config
from orchestra_codemods.migrations.placement import Where

if TYPE_CHECKING:
    from orchestra_cli.migrating.plan_reader import PlanFile
    from orchestra_cli.writing import Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for; None is what was not said."""

    names: tuple[str, ...] = ()
    is_all: bool = False
    placement: Where | None = None
    callers: Callers | None = None
    routing: Routing | None = None
    accessors: Accessors | None = None
    dependencies: Dependencies | None = None
    owner: str | None = None
    remove_on: str | None = None
    plan: Path | None = None
    write_plan: Path | None = None
    is_reviewed: bool = False
    is_committed: bool = False
    proves_import: bool = False
    test_command: str | None = None
    test_timeout: float | None = None
    uses_cache: bool = True

    def check(self, writing: Writing) -> None:
        """Raise MissingValueError, ConflictingOptionsError or InvalidValueError for what makes no sense."""
        if self.plan is not None:
            self._check_plan()
        elif bool(self.names) == self.is_all:
            given = (
                "both names and --all were given"
                if self.is_all
                else "`orchestra migrate` needs NAME, --all or --plan FILE"
            )
            raise MissingValueError(given, hint="`orchestra scan` shows the names.")
        day_of(self.remove_on)
        self._check_proof()
        if self.is_committed and writing.allow_dirty:
            raise ConflictingOptionsError(
                "--commit and --allow-dirty were both given",
                hint="Commit your own changes first: they would end up in the same commits.",
            )

    def settings(self, config: Config, file: PlanFile | None) -> Settings:
        """Return what holds for all classes: as the plan file says, else the options, else the defaults."""
        if file is not None:
            return Settings(
                callers=file.callers,
                routing=file.routing,
                accessors=file.accessors,
                dependencies=file.dependencies,
                owner=file.owner,
                remove_on=file.remove_on,
            )
        return Settings(
            placement=self.placement or "auto",
            callers=self.callers or "imports",
            routing=self.routing or "inherited",
            accessors=self.accessors or "kept",
            dependencies=self.dependencies or "eager",
            owner=config.owner,
            remove_on=day_of(self.remove_on) or _today() + timedelta(days=config.remove_after_days),
        )

    @property
    def command(self) -> str:
        """What the journal says was run."""
        if self.plan is not None:
            return f"orchestra migrate --plan {self.plan}"
        return " ".join(("orchestra migrate", *(("--all",) if self.is_all else self.names)))

    def _check_proof(self) -> None:
        if self.test_timeout is None:
            return
        if self.test_command is None:
            raise MissingValueError(
                "--test-timeout was given without --test-command", hint="Say which command it is for."
            )
        if not 0 < self.test_timeout < float("inf"):
            raise InvalidValueError(
                f"--test-timeout cannot be `{self.test_timeout:g}`: it should be more than zero",
                hint="Give seconds.",
            )

    def _check_plan(self) -> None:
        others = {
            "NAME": self.names,
            "--all": self.is_all,
            "--placement": self.placement,
            "--callers": self.callers,
            "--explicit": self.routing,
            "--offer-accessors": self.accessors,
            "--lazy": self.dependencies,
            "--owner": self.owner,
            "--remove-on": self.remove_on,
        }
        given = next((option for option, value in others.items() if value), None)
        if given is not None:
            raise ConflictingOptionsError(
                f"--plan and {given} were both given, and the plan says that already",
                hint=f"Change it in {self.plan}, or leave --plan out.",
            )


def day_of(text: str | None) -> date | None:
    """Return a date that was typed. Raises InvalidValueError."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidValueError(
            f"--remove-on cannot be `{text}`: it should be a date", hint="Write it as 2026-01-31."
        ) from None


def _today() -> date:
    return datetime.now().astimezone().date()
