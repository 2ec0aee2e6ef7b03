"""What is wrong with a template, said to its author line by line; nothing of it is run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestra_templates.errors import NotTogetherError, TemplateError
from orchestra_templates.regions import KINDS, Problem, Region, read_regions, regions_in
from orchestra_templates.request import Background, Dependency, Request
from orchestra_templates.scaffolding import render
from orchestra_templates.template import (
    BACKGROUND,
    CLASS,
    CODE,
    DEPENDENCY,
    NAME,
    OPERATION,
    TEST,
    Template,
    read_template,
)

_EXAMPLES = {OPERATION: "operation", BACKGROUND: "background", DEPENDENCY: "dependency"}
_LEFT_OVER = re.compile(r"\bexample_\w+|Example(?:Orchestrator|Dependency)|# (?:end)?region\b")
_OFFERED = frozenset(
    {"BaseOrchestrator", "ErrorCategory", "OrchestrationContext", "OrchestrationFacade", "OrchestrationLayer"}
    | {"OrchestrationType", "StepResult", "background", "get_orchestration_facade", "lazy", "operation"}
)


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong: the file within the template, the line (0: the whole file), and the remedy."""

    file: str
    line: int
    message: str
    hint: str


def check_template(folder: Path) -> list[Flaw]:
    """Return everything that is wrong with the template in a folder, in the order of file and line."""
    flaws: list[Flaw] = []
    for file in (CODE, TEST):
        flaws += _in_file(folder / file, file)
    try:
        template = read_template(folder, folder.name, str(folder))
    except TemplateError as error:
        if not flaws:
            flaws.append(Flaw(CODE, 0, error.message, f"A template's class is {CLASS}."))
        return flaws
    flaws += _in_template(template)
    if not flaws:
        flaws += _in_results(template)
    return sorted(flaws, key=lambda flaw: (flaw.file, flaw.line))


def _in_file(path: Path, file: str) -> Iterator[Flaw]:
    if path.exists() and not path.is_file():  # a pipe would be waited for
        yield Flaw(file, 0, "it is no file", f"A template has {CODE} and {TEST}.")
        return
    try:
        text = path.read_text("utf-8")
        ast.parse(text)
    except (OSError, UnicodeDecodeError) as error:
        yield Flaw(file, 0, f"it cannot be read: {error}", f"A template has {CODE} and {TEST}.")
        return
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        yield Flaw(file, getattr(error, "lineno", 0) or 0, f"it is not Python: {error}", "Correct it.")
        return
    regions, problems = read_regions(text)
    yield from (_flaw(file, problem) for problem in problems)
    yield from _outside(text, file, regions)
    if CLASS not in text:
        yield Flaw(file, 0, f"it does not mention {CLASS}", "That name becomes the name of the class.")


def _flaw(file: str, problem: Problem) -> Flaw:
    return Flaw(file, problem.line, problem.message, problem.hint)


def _outside(text: str, file: str, regions: Region) -> Iterator[Flaw]:
    """Yield examples that would stay in what is rendered, because no region repeats or drops them."""
    lines = text.splitlines(keepends=True)
    free = set(range(1, len(lines) + 1)) - _covered(regions, lines)
    for number in sorted(free):
        for example, kind in _EXAMPLES.items():
            is_import = lines[number - 1].lstrip().startswith(("from ", "import "))
            if example in lines[number - 1] and not is_import:
                hint = f"Put `# region each {kind}` above the lines and `# endregion` below."
                yield Flaw(file, number, f"{example} stands outside a region that repeats it", hint)


def _covered(regions: Region, lines: list[str]) -> set[int]:
    """Return the lines inside regions that repeat."""
    covered: set[int] = set()
    for region in regions_in(regions):
        if region.rule == "each":
            depth, number = 1, region.line
            while depth and number < len(lines):
                number += 1
                covered.add(number)
                stripped = lines[number - 1].strip()
                depth += stripped.startswith("# region")
                depth -= stripped.startswith("# endregion")
    return covered


def _in_template(template: Template) -> Iterator[Flaw]:
    if template.layer not in ("domain", "application", "infrastructure"):
        yield Flaw(
            CODE, 0, f"there is no layer {template.layer.upper()}", "Use a member of OrchestrationLayer."
        )
    if f'name="{NAME}"' not in template.code:
        yield Flaw(CODE, 0, f'super().__init__ is not given name="{NAME}"', "It becomes the name.")
    if not template.summary:
        yield Flaw(
            CODE, 1, "the module has no docstring", "Its first line is shown by `orchestra templates`."
        )
    known = {*template.operations, *template.background, *KINDS, "durable"}
    for file, text in ((CODE, template.code), (TEST, template.test)):
        for region in regions_in(read_regions(text)[0]):
            for word in region.words if region.rule != "each" else ():
                if word not in known:
                    hint = f"There are: {', '.join(sorted(known))}."
                    yield Flaw(file, region.line, f"nothing in {CODE} is called `{word}`", hint)
        yield from _relative(file, text)


def _relative(file: str, text: str) -> Iterator[Flaw]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield Flaw(
                file, node.lineno, "a relative import means another module once rendered", "Write it whole."
            )


def _in_results(template: Template) -> Iterator[Flaw]:
    """Yield what goes wrong when the template is rendered with nothing, with much, and part by part."""
    options: list[dict[str, Any]] = [
        {},
        {"operations": ("probe_one", "probe_two"), "background": (Background("probe_three", 5),)},
        {
            "dependencies": (
                Dependency("probe_four", "a.b:c", "Probe", "a.b"),
                Dependency("probe_five", "a.b:d"),
            )
        },
        *({"operations": (name,)} for name in template.operations),
        *({"background": (Background(name, 7),)} for name in template.background),
    ]
    for chosen in options:
        request = Request(
            layer=template.layer,
            name="probe",
            class_name="ProbeOrchestrator",
            package="package",
            offered=_OFFERED,
            first_party=frozenset({"package", "a"}),
            **chosen,
        )
        try:
            rendered = render(template, request)
        except NotTogetherError:
            continue
        except TemplateError as error:
            yield Flaw(CODE, 0, error.message, error.hint or "")
            return
        for file, text in ((CODE, rendered.code), (TEST, rendered.test)):
            for number, line in enumerate(text.splitlines(), 1):
                if found := _LEFT_OVER.search(line):
                    message = f"`{found.group()}` is left over in line {number} of what is rendered"
                    yield Flaw(file, 0, message, "Names of examples are those that the documentation lists.")
                    return
