"""Read a plan file: its decisions and digests, with a clear word for whatever is wrong with it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NoReturn, get_args

from orchestra_cli.errors import UsageError
from orchestra_cli.migrating.planfile import SCHEMA
from orchestra_cli.migrating.planner import Accessors, Callers, Dependencies, Routing
from orchestra_cli.scaffold.naming import BadNameError, orchestrator_name
from orchestra_cli.suggest import did_you_mean, listed
from orchestra_codemods.config import LAYERS
from orchestra_codemods.migrations.decisions import Decision, Decisions
from orchestra_codemods.migrations.lineage import Key
from orchestra_codemods.migrations.placement import Where
from orchestra_codemods.names import PLAN_SCHEMA

_FIELDS = ("class", "path", "decision", "name", "layer", "type", "placement", "callers")
_TOP = (
    "schema",
    "orchestra",
    "package",
    "callers",
    "routing",
    "accessors",
    "dependencies",
    "remove-on",
    "owner",
    "orchestrator",
    "digests",
)
_DECISIONS = ("accept", "skip")
_CALLS = get_args(Callers)


class BadPlanError(UsageError):
    """A plan file cannot be read, or says something that cannot be decided.

    `orchestra migrate … --write-plan FILE` writes one; what may be changed in it stands at its top.
    """

    code = "bad-plan"


class PlanVersionError(UsageError):
    """The plan was written by another version, which may have computed other edits than were reviewed.

    `orchestra migrate --plan FILE --write-plan FILE` plans anew and keeps the decisions.
    """

    code = "plan-of-another-version"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFile:
    """What a plan file says, with ``digests`` by path."""

    file: str
    version: str
    package: str
    callers: Callers
    routing: Routing
    accessors: Accessors
    dependencies: Dependencies
    remove_on: date
    owner: str | None
    decisions: Decisions
    digests: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """The classes that it is about, by the names that they get."""
        return tuple(decision.name or "" for decision in self.decisions.by_class.values())


def read_plan(file: Path) -> PlanFile:
    """Read and check a file. Raises BadPlanError and PlanVersionError."""
    return _Reader(str(file)).read(_parsed(file))


def _parsed(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadPlanError(
            f"{file} cannot be read: {error.strerror}",
            hint="`orchestra migrate --all --write-plan FILE` writes one.",
        ) from None
    except ValueError as error:
        raise BadPlanError(
            f"{file} is no plan: {error}", hint="A plan file is TOML; correct it there, or write it again."
        ) from None


class _Reader:
    """Turns the tables of one file into decisions, naming what is wrong with them."""

    def __init__(self, file: str) -> None:
        self.file = file

    def read(self, table: Mapping[str, Any]) -> PlanFile:
        schema = table.get("schema")
        if schema != SCHEMA:
            if isinstance(schema, str) and schema.startswith(PLAN_SCHEMA):
                raise PlanVersionError(
                    f"{self.file} has the schema {schema}, this version reads {SCHEMA}",
                    hint="Write the plan again with this version.",
                )
            self.fail(f"`schema` is not {SCHEMA!r}", "`orchestra migrate … --write-plan FILE` writes one.")
        self.check_keys("the file", table, _TOP)
        entries = self.table_list(table)
        if not entries:
            self.fail("there is no [[orchestrator]] in it", "Write the plan again, for some or --all.")
        decided = {}
        for number, entry in enumerate(entries, 1):
            key, decision = self.entry(f"orchestrator {number}", entry)
            if key in decided:
                self.fail(f"{key[1]} of {key[0]} stands in it twice", "Leave one of the two.")
            decided[key] = decision
        return PlanFile(
            file=self.file,
            version=self.text("the file", table, "orchestra"),
            package=self.text("the file", table, "package"),
            callers=self.choice("the file", table, "callers", get_args(Callers)),
            routing=self.choice("the file", {"routing": "inherited", **table}, "routing", get_args(Routing)),
            accessors=self.choice(
                "the file", {"accessors": "kept", **table}, "accessors", get_args(Accessors)
            ),
            dependencies=self.choice(
                "the file", {"dependencies": "eager", **table}, "dependencies", get_args(Dependencies)
            ),
            remove_on=self.day(table),
            owner=self.text("the file", table, "owner") if "owner" in table else None,
            decisions=Decisions(decided),
            digests=self.texts("digests", table.get("digests")),
        )

    def entry(self, where: str, entry: Mapping[str, Any]) -> tuple[Key, Decision]:
        self.check_keys(where, entry, _FIELDS)
        class_name, path = self.text(where, entry, "class"), self.text(where, entry, "path")
        where = class_name
        callers = self.texts(f"callers of {where}", entry.get("callers", {}))
        for caller, value in callers.items():
            self.check_choice(f"{where}: {caller}", value, (*_DECISIONS, *_CALLS))
        decision = Decision(
            name=self.name(where, entry),
            layer=self.choice(where, entry, "layer", LAYERS),
            type=self.text(where, entry, "type").lower(),
            placement=self.choice(where, entry, "placement", get_args(Where)),
            is_skipped=self.choice(where, entry, "decision", _DECISIONS) == "skip",
            callers_left=frozenset(caller for caller, value in callers.items() if value == "skip"),
            calls=tuple((caller, value) for caller, value in sorted(callers.items()) if value in _CALLS),  # type: ignore[misc] # checked above
        )
        return (path, class_name), decision

    def name(self, where: str, entry: Mapping[str, Any]) -> str:
        given = self.text(where, entry, "name")
        try:
            usual = orchestrator_name(given).name
        except BadNameError as error:
            self.fail(f"{where}: {error.message}", error.hint)
        if usual != given:
            self.fail(f"{where} cannot be named `{given}`", f"Did you mean `{usual}`?")
        return given

    def choice(self, where: str, table: Mapping[str, Any], key: str, allowed: Iterable[str]) -> Any:
        value = self.text(where, table, key)
        self.check_choice(f"{where}: {key}", value, allowed)
        return value

    def check_choice(self, where: str, value: str, allowed: Iterable[str]) -> None:
        names = tuple(allowed)
        if value not in names:
            self.fail(f"{where} cannot be `{value}`", did_you_mean(value, names, f"It is {listed(names)}."))

    def text(self, where: str, table: Mapping[str, Any], key: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value:
            self.fail(f"{where} has no text for `{key}`", "Write the plan again, and edit that.")
        return value

    def texts(self, where: str, value: Any) -> dict[str, str]:
        if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
            self.fail(f"{where} is no table of texts", "Write the plan again, and edit that.")
        return value

    def table_list(self, table: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        value = table.get("orchestrator", [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.fail("`orchestrator` is no list of tables", "Write [[orchestrator]] above each.")
        return value

    def day(self, table: Mapping[str, Any]) -> date:
        value = table.get("remove-on")
        if type(value) is not date:
            self.fail("`remove-on` is no date", "Write it as 2026-01-31, without quotes.")
        return value

    def check_keys(self, where: str, table: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in table:
            if key not in known:
                self.fail(
                    f"{where} has a key `{key}`", did_you_mean(key, known, f"Known are {listed(known, 9)}.")
                )

    def fail(self, what: str, hint: str) -> NoReturn:
        raise BadPlanError(f"{self.file}: {what}", hint=hint)
