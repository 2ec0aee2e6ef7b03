"""A class taken out of a mixed module: the new file, and the old one that takes the class back.

Nothing is made an orchestrator here. What comes out is the legacy code as it was, in two files, and the
migration goes on with the new one where it stands. The old module imports what was taken out, so that nobody
who imports it has to change, and the new one imports nothing of the old.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from orchestra_codemods.change import Edit, apply_edits
from orchestra_codemods.migrations.callers import CallerEdit
from orchestra_codemods.migrations.class_file import relative_edits
from orchestra_codemods.migrations.found_by_text import why_found_by_text
from orchestra_codemods.migrations.immovable import edits_for_new_place, names_its_place, why_pickles_differ
from orchestra_codemods.migrations.insertion import place_of_import
from orchestra_codemods.migrations.looked_through import looks_through
from orchestra_codemods.migrations.obstacles import Obstacle
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.migrations.split.along import Along, along_with
from orchestra_codemods.migrations.split.outside import replaced_names
from orchestra_codemods.migrations.split.parts import Kind, Part, blanked, parts_of
from orchestra_codemods.migrations.split.unused import Unused, unused_imports
from orchestra_codemods.migrations.stand_ins import why_stood_in
from orchestra_codemods.migrations.style import style_of, written
from orchestra_codemods.names import Importers, ModuleFacts, names_of, python_files_with
from orchestra_codemods.project import Project
from orchestra_codemods.source import Source

_REMEDY = "Change this first, or use `--placement in-place`."
_WIDTH = 100
_ALONE = re.compile(r"\r(?!\n)")
_RUNS_TEXT = re.compile(r"(?<![\w.])(?:eval|exec)\(")


@dataclass(frozen=True, slots=True)
class Extraction:
    """The new file, the edits of the old one, and of the strings that name what went along.

    ``unused`` says what becomes of the imports that the old module needs no longer.
    """

    source: Source
    edits: tuple[Edit, ...]
    strings: tuple[CallerEdit, ...]
    unused: Unused


def extracted(
    project: Project, move: Placement, importers: Importers
) -> Extraction | tuple[Obstacle, ...] | None:
    """Return what taking the targets out of their module comes to, or why they cannot be taken out.

    ``move`` says where they would go with their module. None where nothing but imports would stay.
    """
    source = project.sources[move.path]
    facts = names_of(project).facts(move.path)
    assert facts is not None
    if _ALONE.search(source.text):
        why = "lines of its module end with a carriage return alone"
        return (Obstacle(1, f"its class cannot be taken out: {why}", _REMEDY),)
    parts = parts_of(source.text, move.path)
    along = along_with(source.text, move.path, parts, {target.class_name for target in move.targets})
    if isinstance(along, Obstacle):
        return (along,)
    if not any(_is_worth_staying(part) for part in parts if part not in along.taken):
        return None
    strings: list[CallerEdit] = []
    obstacles = list(_of_the_place(project, move, along, importers))
    for found in replaced_names(project, move.module, move.new_module, along, importers):
        if isinstance(found, CallerEdit):
            strings.append(found)
        else:
            obstacles.append(found)
    if obstacles:
        return tuple(obstacles)
    text = _new_text(project, move, along, parts)
    text = written(text, style_of(project, move.new_path), source.text)
    new = Source.new(move.new_path, text, newline=source.newline)
    followed = {one.names[0].removeprefix(f"{move.module}.").partition(".")[0] for one in strings}
    unused = unused_imports(source.text, along, facts, importers, followed)
    needed = _needed(project, move, along, importers)
    edits = _old_edits(source.text, parts, along, move, _back(move, facts, along, needed))
    every = (*_in_lines_of(source, edits), *unused.edits)
    return Extraction(new, every, tuple(strings), unused)


def _is_worth_staying(part: Part) -> bool:
    is_text = isinstance(part.node, ast.Expr) and isinstance(part.node.value, ast.Constant)
    is_list = part.names == {"__all__"}
    return not is_text and not is_list and part.kind in (Kind.DEFINITION, Kind.OTHER)


def _of_the_place(
    project: Project, move: Placement, along: Along, importers: Importers
) -> Iterator[Obstacle]:
    """Yield what depends on the file that the taken code is in."""
    names = names_of(project)
    text = project.sources[move.path].text
    reasons = [
        *names_its_place(blanked(text, (*along.taken, *along.repeated))),
        *why_pickles_differ(project, move.module),
        *why_stood_in(project, move.module),
        *why_found_by_text(project, move.path, move.module),
        *(
            f"line {look.line} of {look.path} looks for what the module itself defines"
            for look in looks_through(project, move.path, move.module, importers)
            if look.by_module
        ),
    ]
    if move.path.endswith("__init__.py"):
        reasons.append("its module is the __init__ of a package")
    if names.index.stub_of(move.path):
        reasons.append("a .pyi file stands beside its module")
    if move.new_path in project.sources or names.index.find(move.new_module) is not None:
        reasons.append(f"{move.new_path} exists")
    if "globals()" in text or "sys.modules[__name__]" in text:
        reasons.append("its module looks at its own names while it runs")
    if _RUNS_TEXT.search(blanked(text, (*along.taken, *along.repeated))):
        reasons.append("it runs text, in which any name of its module may stand")
    for reason in reasons:
        yield Obstacle(1, f"its class cannot be taken out: {reason}", _REMEDY)


def _new_text(project: Project, move: Placement, along: Along, parts: Sequence[Part]) -> str:
    names = names_of(project)
    text = project.sources[move.path].text
    edits = [*edits_for_new_place(project, move), *relative_edits(names, move)]
    wanted = along.inside.used
    pieces: list[tuple[int, str]] = []
    end = 0
    for part in parts:
        inside = [
            Edit(edit.start - part.start, edit.end - part.start, edit.text)
            for edit in edits
            if part.start <= edit.start < part.end
        ]
        written = apply_edits(text[part.start : part.end], inside).rstrip()
        if part in along.repeated:
            written = _repeated(part, written, wanted)
        elif part not in along.taken and part.kind is not Kind.FUTURE:
            continue
        pieces.append((_blank_lines(part, text[end : part.start]), written))
        end = part.end
    what = " and ".join(target.class_name for target in move.targets)
    lines = [f'"""{what}, taken out of `{move.module}`, which goes on offering it."""', ""]
    before = 0
    for number, (blank, written) in enumerate(pieces):
        lines += [""] * (max(blank, before) if number else 0)
        lines.append(written)
        before = 2 if blank == 2 else 0
    return "\n".join(line.replace("\r\n", "\n") for line in (*lines, ""))


def _blank_lines(part: Part, between: str) -> int:
    """Return how many blank lines stand around a part in the new file."""
    if isinstance(part.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return 2
    return 1 if any(not line.strip() for line in between.splitlines()) else 0


def _repeated(part: Part, written: str, wanted: frozenset[str]) -> str:
    """Return an import with no more names than are needed; whatever else is repeated stays whole."""
    node = part.node
    if isinstance(node, ast.If) and _is_for_types(node):
        inside = [_import(each, ast.unparse(each), wanted) for each in node.body]
        return "\n".join([f"if {ast.unparse(node.test)}:", *(f"    {line}" for line in inside if line)])
    return _import(node, written, wanted) if part.kind is Kind.IMPORT else written


def _import(node: ast.stmt, written: str, wanted: frozenset[str]) -> str:
    assert isinstance(node, ast.Import | ast.ImportFrom)
    names = [each for each in node.names if (each.asname or each.name.partition(".")[0]) in wanted]
    if len(names) == len(node.names):
        return written
    listed = [ast.unparse(each) for each in names]
    if isinstance(node, ast.Import):
        return f"import {', '.join(listed)}" if listed else ""
    tree = ast.parse(written).body[0]
    assert isinstance(tree, ast.ImportFrom)
    module = "." * tree.level + (tree.module or "")
    line = f"from {module} import {', '.join(listed)}"
    if len(line) > _WIDTH:
        return f"from {module} import (\n" + "".join(f"    {each},\n" for each in listed) + ")"
    return line if listed else ""


def _is_for_types(node: ast.If) -> bool:
    is_plain = all(isinstance(each, ast.Import | ast.ImportFrom) for each in node.body)
    return is_plain and not node.orelse and ast.unparse(node.test).endswith("TYPE_CHECKING")


def _needed(project: Project, move: Placement, along: Along, importers: Importers) -> AbstractSet[str | None]:
    """Return what the old module has to have though it begins with an underscore: who reads it, or may.

    A name in another file, or in a text of its own, may be read off the module by `getattr` or `__all__`.
    """
    taken_by_others = {site.name for site in importers.sites} | {use.name for use in importers.strings}
    read = {part for chain in importers.chains for part in chain.use.dotted.split(".")[chain.length :][:1]}
    private = [name for name in along.names if name.startswith("_")]
    text = project.sources[move.path].text
    named = {
        name
        for name in private
        if f'"{name}"' in text
        or f"'{name}'" in text
        or any(path != move.path for path in python_files_with(project, [name]))
    }
    return along.outside.used | taken_by_others | read | named


def _back(move: Placement, facts: ModuleFacts, along: Along, needed: AbstractSet[str | None]) -> str:
    """Return the statement with which the old module takes back what it offered."""
    names = sorted(name for name in along.names if not name.startswith("_") or name in needed)
    listed = set(facts.exports or ())
    parts = [name if name in listed else f"{name} as {name}" for name in names]
    line = f"from {move.new_module} import {', '.join(parts)}"
    if len(line) <= _WIDTH:
        return line
    return f"from {move.new_module} import (\n" + "".join(f"    {part},\n" for part in parts) + ")"


def _old_edits(text: str, parts: Sequence[Part], along: Along, move: Placement, back: str) -> Iterator[Edit]:
    first = along.taken[0]
    above = [part for part in parts if part.start < first.start]
    is_quiet = all(
        part.kind is not Kind.OTHER or (isinstance(part.node, ast.Expr) and _is_text(part.node))
        for part in above
    )
    at, is_first = place_of_import(text, move.new_module)
    if is_quiet and at <= first.start:
        before = "\n" if is_first and at else ""
        yield Edit(at, at, f"{before}{back}\n")
        back = ""
    for start, end in _gone(text, along):
        yield Edit(start, end, f"{back}\n\n\n" if back else "")
        back = ""


def _gone(text: str, along: Along) -> list[tuple[int, int]]:
    """Return the stretches that leave a text, each with the blank lines below it; at its end, above it."""
    found: list[tuple[int, int]] = []
    for part in along.taken:
        end = part.end
        while end < len(text) and text[end] in "\r\n":
            end += 1
        is_next = bool(found) and found[-1][1] == part.start
        found.append((found.pop()[0] if is_next else part.start, end))
    start, end = found[-1]
    if end == len(text):
        kept = text[:start].rstrip("\r\n")
        line_end = 2 if text.startswith("\r\n", len(kept)) else 1
        found[-1] = (min(start, len(kept) + (line_end if kept else 0)), end)
    return found


def _is_text(node: ast.Expr) -> bool:
    return isinstance(node.value, ast.Constant)


def _in_lines_of(source: Source, edits: Iterator[Edit]) -> Iterator[Edit]:
    return (Edit(edit.start, edit.end, edit.text.replace("\n", source.newline)) for edit in edits)
