"""An orchestrator and its test, made of a template by renaming, dropping and repeating; no code is run."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from orchestra_templates.durable import mark_durable
from orchestra_templates.errors import NotTogetherError, TemplateError
from orchestra_templates.imports import Places, arrange
from orchestra_templates.regions import Region, read_regions, select
from orchestra_templates.request import Request
from orchestra_templates.template import (
    BACKGROUND,
    CLASS,
    DEPENDENCY,
    DEPENDENCY_CLASS,
    NAME,
    OPERATION,
    Template,
)

SECONDS = 60
"""The interval that the example of a background task has, in code and test."""
_SOURCE = re.compile(r'"[\w.]+:[\w.]+"')


class Rendered(NamedTuple):
    """The text of both files."""

    code: str
    test: str


def render(template: Template, request: Request) -> Rendered:
    """Return the orchestrator and its test as the request wants them.

    Raises TemplateError for a template that does not fit together, and NotTogetherError for a request that
    it cannot fulfil.
    """
    code = _rendered(template, request, template.code)
    for kind, name in _wanted_methods(request):
        if not re.search(rf"^    (?:async )?def {name}\(", code, re.MULTILINE):
            raise NotTogetherError(
                f"the template `{template.name}` has no {kind} `{name}` without what belongs to it",
                hint="Name the others too, or choose another name.",
                name=name,
            )
    if request.durable:
        code = mark_durable(code, request.class_name)
    return Rendered(code, _rendered(template, request, template.test))


def _wanted_methods(request: Request) -> list[tuple[str, str]]:
    operations = [("operation", name) for name in request.operations or ()]
    return operations + [("background task", task.name) for task in request.background or ()]


def _rendered(template: Template, request: Request, source: str) -> str:
    regions, problems = read_regions(source)
    if problems:
        raise TemplateError(
            f"line {problems[0].line} of the template `{template.name}`: {problems[0].message}",
            hint=problems[0].hint,
        )
    selection = _Selection(template, request)
    text = select(regions, selection.wanted, selection.repeat, selection.adapt)
    text = _named(text, template, request)
    try:
        return _tidy(arrange(text, _places(template, request)))
    except SyntaxError as error:
        raise TemplateError(
            f"the template `{template.name}` does not make Python of these options: {error}",
            hint="`orchestra templates --check DIR` says where.",
        ) from None


class _Selection:
    """What a request means for the regions of a template."""

    def __init__(self, template: Template, request: Request) -> None:
        operations = request.operations_of(template)
        tasks = request.background_of(template)
        self.seconds = {task.name: task.seconds for task in tasks if task.seconds is not None}
        self.own_seconds = template.background
        own = {*template.operations, *template.background}
        self.items: Mapping[str, Sequence[Mapping[str, str]]] = {
            "operation": [{OPERATION: name} for name in operations if name not in own],
            "background": [
                {BACKGROUND: task.name, "seconds": _number(task.seconds or SECONDS)}
                for task in tasks
                if task.name not in own
            ],
            "dependency": [
                {DEPENDENCY: one.name, DEPENDENCY_CLASS: one.type_name or "Any", "source": one.source}
                for one in request.dependencies
            ],
        }
        kinds = {"operation": operations, "background": tasks, "dependency": request.dependencies}
        self.wanted = frozenset(
            {
                *operations,
                *(task.name for task in tasks),
                *(kind for kind, items in kinds.items() if items),
                *(("durable",) if request.durable else ()),
            }
        )

    def repeat(self, kind: str, text: str) -> list[str]:
        """Return the text once for each item, with the item's names."""
        return [_for_item(text, dict(item)) for item in self.items[kind]]

    def adapt(self, region: Region, text: str) -> str:
        """Give the template's own background task the interval that was asked for."""
        for name in region.words:
            own = self.own_seconds.get(name)
            if name in self.seconds and own is not None:
                text = _with_seconds(text, own, _number(self.seconds[name]))
        return text


def _named(text: str, template: Template, request: Request) -> str:
    text = _replaced(text, {CLASS: request.class_name, NAME: request.name})
    text = text.replace(
        f"OrchestrationLayer.{template.layer.upper()}", f"OrchestrationLayer.{request.layer.upper()}"
    )
    member = request.type or template.type
    return re.sub(rf"\bOrchestrationType\.{template.type}\b", f"OrchestrationType.{member}", text)


def _places(template: Template, request: Request) -> Places:
    types = tuple(
        dict.fromkeys(
            (one.type_name, one.type_module) if one.type_name and one.type_module else ("Any", "typing")
            for one in request.dependencies
        )
    )
    own = dict.fromkeys((request.class_name, *template.accessors), request.module)
    return Places(
        package=request.package,
        offered=request.offered,
        first_party=request.first_party,
        renamed={**own, DEPENDENCY_CLASS: None},
        types=types,
    )


def _replaced(text: str, names: Mapping[str, str]) -> str:
    """Return the text with names replaced, all at once; a name may be part of a longer one."""
    words = "|".join(map(re.escape, names))
    return re.sub(rf"(?<![A-Za-z0-9])(?:{words})(?![A-Za-z0-9])", lambda found: names[found.group()], text)


def _for_item(text: str, item: dict[str, str]) -> str:
    """Return the text for one item: its names, its `module:callable`, its interval."""
    source, seconds = item.pop("source", None), item.pop("seconds", None)
    if source is not None:
        text = _SOURCE.sub(f'"{source}"', text)
    if seconds is not None:
        text = _with_seconds(text, SECONDS, seconds)
    return _replaced(text, item)


def _with_seconds(text: str, old: float, new: str) -> str:
    """Return the text with another interval, and with tests that advance their clock by it."""
    return re.sub(rf"\b(interval=|advance\(){re.escape(_number(old))}(?=[,)])", rf"\g<1>{new}", text)


def _number(seconds: float) -> str:
    return str(int(seconds)) if float(seconds).is_integer() else str(seconds)


def _tidy(text: str) -> str:
    """Return the text with as many blank lines as formatters leave, and short signatures on one line."""
    text = re.sub(r"\(\n\s+self,\n\s+\)", "(self)", text)
    text = re.sub(r"\n{4,}", "\n\n\n", text)
    text = re.sub(r"\n{3,}(?=[ \t])", "\n\n", text)
    text = text.rstrip() + "\n"
    ast.parse(text)
    return text
