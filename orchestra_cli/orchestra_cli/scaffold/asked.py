"""The options of `orchestra new` as they were given, and what they come to in a project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from orchestra_cli.errors import InvalidValueError, MissingValueError
from orchestra_cli.scaffold.create import Created, plan_new
from orchestra_cli.scaffold.decision import decide_layer
from orchestra_cli.scaffold.home import Home, find_home
from orchestra_cli.scaffold.naming import orchestrator_name
from orchestra_cli.scaffold.wanted import (
    LAYERS,
    background_of,
    check_distinct,
    dependencies_of,
    operations_of,
    type_of,
)
from orchestra_cli.session import Session
from orchestra_cli.suggest import did_you_mean
from orchestra_codemods.config import Config
from orchestra_templates.found import find_template
from orchestra_templates.request import Dependency, Request
from orchestra_templates.template import Template

_OF_ONE_LAYER = {"COORDINATION": "application", "LIFECYCLE": "infrastructure", "BUSINESS_LOGIC": "domain"}


class Asked(NamedTuple):
    """The command line. Where only one word was given it stands in ``layer``."""

    layer: str
    name: str | None
    type: str | None
    operations: Sequence[str]
    dependencies: Sequence[str]
    background: Sequence[str]
    durable: bool = False
    template: str | None = None
    force: bool = False


class Prepared(NamedTuple):
    """An orchestrator that can be written."""

    template: Template
    request: Request
    created: Created


def prepare(asked: Asked, root: Path, config: Config, session: Session) -> Prepared:
    """Return the plan for what was asked. Raises UsageError and TemplateError of many kinds."""
    home = find_home(root, config)
    given = find_template(asked.template, root, config.templates) if asked.template else None
    layer, name = _layer_and_name(asked, given, session)
    template = given or find_template(layer, root)
    request = _request(asked, home, template, layer, name)
    _advise(request, session)
    return Prepared(template, request, plan_new(home, template, request, replaces=asked.force))


def _layer_and_name(asked: Asked, template: Template | None, session: Session) -> tuple[str, str]:
    if asked.name is not None:
        layer = asked.layer.lower()
        if layer not in LAYERS:
            raise InvalidValueError(
                f"LAYER cannot be `{asked.layer}`",
                hint=did_you_mean(layer, LAYERS, f"The layers are: {', '.join(LAYERS)}."),
            )
        return layer, asked.name
    if asked.layer.lower() in LAYERS:
        raise MissingValueError(
            f"`orchestra new {asked.layer}` needs NAME", hint=f"As in `orchestra new {asked.layer} billing`."
        )
    orchestrator_name(asked.layer)
    if template is not None and template.layer in LAYERS:
        return template.layer, asked.layer
    layer, reason = decide_layer(asked.layer)
    session.narrate(f"{layer}: {reason}.")
    return layer, asked.layer


def _request(asked: Asked, home: Home, template: Template, layer: str, name: str) -> Request:
    names = orchestrator_name(name)
    operations = operations_of(asked.operations)
    background = background_of(asked.background)
    dependencies = dependencies_of(asked.dependencies, home)
    request = Request(
        layer=layer,
        name=names.name,
        class_name=names.class_name,
        type=type_of(asked.type, home),
        operations=operations,
        background=background,
        dependencies=_told_apart(dependencies, names.class_name),
        durable=asked.durable,
        package=home.config.package,
        offered=home.offered,
        first_party=home.first_party,
    )
    _check_fit(request)
    check_distinct(
        request.operations_of(template),
        [task.name for task in request.background_of(template)],
        [one.name for one in dependencies],
    )
    return request


def _told_apart(dependencies: Sequence[Dependency], class_name: str) -> tuple[Dependency, ...]:
    """Leave out a type whose name means something else in the same file already."""
    homes: dict[str | None, str | None] = {class_name: None, "BaseOrchestrator": None, "Literal": None}
    told: list[Dependency] = []
    for one in dependencies:
        is_same = homes.setdefault(one.type_name, one.type_module) == one.type_module
        told.append(one if is_same else one._replace(type_name=None, type_module=None))
    return tuple(told)


def _check_fit(request: Request) -> None:
    """Refuse a type that belongs to another layer, which `orchestra lint` would flag (ORC004)."""
    usual = _OF_ONE_LAYER.get(request.type or "", request.layer)
    if usual != request.layer:
        given = (request.type or "").lower()
        raise InvalidValueError(
            f"--type {given} belongs to the {usual} layer, not to {request.layer}",
            hint=f"`orchestra new {usual} {request.name}`, or leave --type out.",
        )


def _advise(request: Request, session: Session) -> None:
    if request.layer == "domain" and request.background:
        session.warn("orchestrators of the domain layer are often stateless; this one has a background task")
