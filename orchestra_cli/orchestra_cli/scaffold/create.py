"""From what `orchestra new` is asked for to a plan: orchestrator, test, registration and export."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from orchestra_cli.errors import UsageError
from orchestra_cli.scaffold.home import Home
from orchestra_codemods import wiring
from orchestra_codemods.change import Change, Edit, Plan, Refusal, Span, apply_edits
from orchestra_codemods.source import Source
from orchestra_templates.request import Request
from orchestra_templates.scaffolding import Rendered, render
from orchestra_templates.template import Template

UNIT = "new"


class OrchestratorExistsError(UsageError):
    """Another orchestrator has that name, or one that differs in nothing but case.

    Names are unique in a project, and files are kept apart on systems that do not tell case apart.
    """

    code = "orchestrator-exists"


class Created(NamedTuple):
    """What `orchestra new` makes: the files, relative to the root, and what a person should know."""

    plan: Plan
    path: str
    test: str
    notes: tuple[str, ...] = ()


def plan_new(home: Home, template: Template, request: Request, *, replaces: bool) -> Created:
    """Return the plan that gives the project one orchestrator more.

    ``replaces`` allows files that exist to be replaced; otherwise one with another content refuses
    everything. Raises OrchestratorExistsError, and what rendering raises.
    """
    folder = f"{home.folder}/{request.layer}"
    path = f"{folder}/{request.name}.py"
    test = f"{home.tests}/test_{request.name}_orchestrator.py"
    rendered = render(template, request)
    _check_free(home, request, path)
    found = list(_files(home.root, {path: rendered.code, test: rendered.test}, replaces=replaces))
    if any(isinstance(one, Refusal) for one in found):
        return Created(Plan(refusals=tuple(one for one in found if isinstance(one, Refusal))), path, test)
    notes: list[str] = []
    parts: list[Change | Refusal] = [
        *found,
        *_registered(home, request, rendered),
        *_exported(home, template, request, notes),
    ]
    if home.hidden_root is not None and any(
        change.path == test for change in found if isinstance(change, Change)
    ):
        notes.append(
            f"pytest does not find the package in {home.hidden_root} unless the project is installed or "
            f'`pythonpath = ["{home.hidden_root}"]` stands in [tool.pytest.ini_options]'
        )
    changes = sorted((one for one in parts if isinstance(one, Change)), key=lambda change: change.path)
    refusals = tuple(one for one in parts if isinstance(one, Refusal))
    return Created(Plan(changes=tuple(changes), refusals=refusals), path, test, tuple(notes))


def _check_free(home: Home, request: Request, path: str) -> None:
    """Refuse a name that is another orchestrator's, or its own in other letters."""
    wired = f"{home.folder}/orchestrators.py"
    known: dict[str, str] = {}
    if (home.root / wired).is_file():
        source = Source.from_bytes(wired, (home.root / wired).read_bytes())
        known |= dict.fromkeys(_parsed_names(source.text), wired)
    for layer in ("domain", "application", "infrastructure"):
        for file in sorted((home.root / home.folder / layer).glob("*.py")):
            if f"{home.folder}/{layer}/{file.name}" != path and file.stem != "__init__":
                known[file.stem] = f"{home.folder}/{layer}/{file.name}"
    own = (home.root / path).exists()
    for name, where in known.items():
        is_elsewhere = where != wired or not own
        if name == request.name and is_elsewhere:
            raise OrchestratorExistsError(
                f"there is an orchestrator `{name}` already, in {where}",
                hint=f"Choose another name, as in `{request.layer}_{name}`.",
            )
        if name != request.name and name.lower() == request.name.lower():
            raise OrchestratorExistsError(
                f"`{request.name}` differs only in case from `{name}`, in {where}",
                hint="Choose a name that differs in more: not every file system tells the two apart.",
            )


def _parsed_names(text: str) -> set[str]:
    try:
        return wiring.registered_names(text)
    except SyntaxError:
        return set()


def _files(root: Path, wanted: dict[str, str], *, replaces: bool) -> Iterator[Change | Refusal]:
    for path, text in wanted.items():
        file = root / path
        if not file.exists():
            yield Change(
                None, Source.new(path, text), "the orchestrator" if _is_code(path) else "its test", (UNIT,)
            )
            continue
        before = Source.from_bytes(path, file.read_bytes())
        after = before.with_text(text.replace("\n", before.newline))
        if after == before:
            continue
        if replaces:
            yield Change(before, after, "replaced, as --force asks", (UNIT,))
            continue
        defined = _class_in(before.text)
        yield Refusal(
            UNIT,
            path,
            Span(1),
            f"the file exists and says something else{f', the class {defined}' if defined else ''}",
            "Choose another name, or replace it with --force; `orchestra undo` brings it back.",
        )


def _is_code(path: str) -> bool:
    return not path.rpartition("/")[2].startswith("test_")


def _class_in(text: str) -> str:
    import re

    found = re.search(r"^class (\w+)\(", text, re.MULTILINE)
    return found.group(1) if found else ""


def _registered(home: Home, request: Request, rendered: Rendered) -> Iterator[Change | Refusal]:
    path = f"{home.folder}/orchestrators.py"
    has_accessor = "\ndef get_orchestrator(" in rendered.code
    imported = "get_orchestrator" if has_accessor else request.class_name
    call = "get_orchestrator(auto_create=True)" if has_accessor else f"{request.class_name}()"
    text = wiring.factory_text(request.name, request.module, (imported,), (f"return {call}",))
    line = f'facade.register_factory("{request.name}", ...)'
    try:
        before = Source.from_bytes(path, (home.root / path).read_bytes())
        edits = list(wiring.registration_edits(before, [wiring.Factory(request.name, text)]))
    except (OSError, SyntaxError, ValueError) as error:
        why = f"{request.name} cannot be registered there: {error}"
        yield Refusal(UNIT, path, Span(1), why, f"Write `{line}` where the project builds its facade.")
        return
    yield from _edited(before, edits, "it is registered")


def _exported(
    home: Home, template: Template, request: Request, notes: list[str]
) -> Iterator[Change | Refusal]:
    path = f"{home.folder}/{request.layer}/__init__.py"
    module = f".{request.name}"
    try:
        before = Source.from_bytes(path, (home.root / path).read_bytes())
        table = wiring.export_table(before.text)
        if table is None:
            raise ValueError(f"it has no table {wiring.TABLE}")
    except (OSError, SyntaxError, ValueError) as error:
        why = f"{request.class_name} cannot be exported there: {error}"
        yield Refusal(UNIT, path, Span(1), why, f"Import it from {request.module}, or export it by hand.")
        return
    known = wiring.exported(table)
    wanted = {request.class_name: module}
    for accessor in template.accessors:
        if known.get(accessor, module) == module:
            wanted[accessor] = module
        else:
            other = known[accessor].lstrip(".")
            notes.append(
                f"{accessor} of {request.package}.{request.layer} stays that of {other}; "
                f"this one is {request.module}.{accessor}"
            )
    yield from _edited(before, list(wiring.export_edits(before, wanted)), "the layer exports it")


def _edited(before: Source, edits: list[Edit], because: str) -> Iterator[Change]:
    after = before.with_text(apply_edits(before.text, edits))
    if after != before:
        yield Change(before, after, because, (UNIT,))
