"""What others rely on that is true of a legacy class and not of an orchestrator: seen from outside of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from weakref import WeakKeyDictionary

from orchestra_codemods.inventory.callers import DUCK_TYPING, LOOKS_AT_ALL
from orchestra_codemods.inventory.model import Caller, Form, LegacyOrchestrator
from orchestra_codemods.migrations.attempts import attempts_in
from orchestra_codemods.migrations.lineage import Key
from orchestra_codemods.migrations.obstacles import OFFERED, READ_ONLY, Obstacle
from orchestra_codemods.migrations.shape import ClassShape, shapes_in
from orchestra_codemods.names import Definition, dotted_name, every_node, names_of, parse, python_files_with
from orchestra_codemods.project import Project
from orchestra_codemods.source import SourceError

_NO_LOOP = "RuntimeError"
_ASKING = {"isinstance", "issubclass"}
_ASKS_FOR_METACLASS = re.compile(
    rb"\bis(?:instance|subclass)\([^\n]*\bABC(?:Meta)?\b|\btype\([^\n]*(?:\bis|==|\bnot|!=|\bin)[^\n]*\btype\b"
    rb"|\btype\b *(?:is|==|!=)[^\n]*\btype\("
)
_READS = (Form.ATTRIBUTE_READ, Form.CALL, Form.CALL_AWAITED)
_ANCESTRY = {"__mro__", "__bases__", "__base__", "mro"}


def obstacles_of_reliance(
    project: Project, target: LegacyOrchestrator, shape: ClassShape
) -> Iterator[Obstacle]:
    """Yield the places outside of a class that would see a difference."""
    own = set(_own_names(project, target.path, shape, set()))
    for caller in target.callers:
        why = _why(caller, own) or _why_tried(project, caller, own)
        if why:
            place = f"line {caller.line} of {caller.path}"
            is_clash = caller.form is Form.ATTRIBUTE_WRITE
            yield Obstacle(target.line, f"{place} {why[0]}", why[1], has_adapter=is_clash)
    yield from _protocols(project, target, own)
    yield from _metaclass(project, target)
    if starts_when_built(project, target):
        yield from _expected_failures(project, target)


def starts_when_built(project: Project, target: LegacyOrchestrator) -> bool:
    """Tell whether the constructor of a class makes a task, itself or through methods that it calls.

    One that looks for a loop itself, and goes on without it, never failed for want of one.
    """
    if not target.background_tasks:
        return False
    methods = {
        each.name: each
        for node in parse(project.sources[target.path].text).body
        if isinstance(node, ast.ClassDef) and node.name == target.class_name
        for each in node.body
        if isinstance(each, ast.FunctionDef)
    }
    reached, waiting = set[str](), ["__init__"]
    while waiting:
        name = waiting.pop()
        if name in methods and name not in reached:
            reached.add(name)
            calls = (each.func for each in every_node(methods[name]) if isinstance(each, ast.Call))
            waiting += [each.attr for each in calls if isinstance(each, ast.Attribute)]
    return any(
        task.created_in in reached and not list(_catching(methods[task.created_in], {_NO_LOOP}))
        for task in target.background_tasks
    )


def built_in_spite_of_anything(project: Project, target: LegacyOrchestrator) -> Iterator[Caller]:
    """Yield the constructions whose failure is caught, whatever it is."""
    yield from (one for _, one in _caught(project, target, {"Exception", "BaseException", ""}))


def _own_names(project: Project, path: str, shape: ClassShape, seen: set[Key]) -> Iterator[str]:
    """Yield what the class and its bases in the project have already."""
    yield from (*shape.class_names, *shape.attributes)
    for base in shape.bases:
        found = names_of(project).resolver.resolve(path, base.partition("[")[0])
        if isinstance(found, Definition) and found.path and found.key not in seen:
            seen.add(found.key)
            for other in shapes_in(project.sources[found.path].text, found.name):
                yield from _own_names(project, found.path, other, seen)


def _why(caller: Caller, own: set[str]) -> tuple[str, str] | None:
    if caller.form is Form.ATTRIBUTE_WRITE and caller.name in READ_ONLY:
        remedy = f"Give the attribute another name in {caller.path}."
        return f"sets {caller.name!r}, a property of orchestrators", remedy
    if caller.form is Form.ATTRIBUTE_READ and caller.name in _ANCESTRY:
        remedy = "Ask `isinstance` there, and migrate again."
        return f"looks at its {caller.name}, where BaseOrchestrator stands afterwards", remedy
    if caller.problem == LOOKS_AT_ALL:
        remedy = "Name the attributes that are meant there, and migrate again."
        return "looks at all its attributes, and the framework adds some", remedy
    if caller.problem == DUCK_TYPING and caller.name in OFFERED - own:
        remedy = "Ask for something else there, or call it where the class is known."
        return f"looks whether it has {caller.name!r}, and every orchestrator has one", remedy
    return None


def _why_tried(project: Project, caller: Caller, own: set[str]) -> tuple[str, str] | None:
    if caller.form not in _READS or caller.name not in OFFERED - own or not caller.path.endswith(".py"):
        return None
    tree = parse(project.sources[caller.path].text)
    if not any(caller.line in lines for lines in attempts_in(tree)):
        return None
    remedy = "Ask for something else there, or call it where the class is known."
    return f"tries whether it has {caller.name!r}, and every orchestrator has one", remedy


def _protocols(project: Project, target: LegacyOrchestrator, own: set[str]) -> Iterator[Obstacle]:
    """Yield the protocols that `isinstance` would find satisfied, and does not now."""
    for path in python_files_with(project, ["runtime_checkable"]):
        try:
            protocols = _protocols_in(project.sources[path].text)
        except (OSError, SourceError):
            continue
        for name, members in protocols:
            missing = members - own
            if missing and missing <= OFFERED:
                named = ", ".join(sorted(missing))
                why = f"isinstance of {name} in {path} asks for {named}, which every orchestrator has"
                yield Obstacle(target.line, why, f"Ask {name} for one more method, which it really needs.")


def _metaclass(project: Project, target: LegacyOrchestrator) -> Iterator[Obstacle]:
    """Yield where code asks of which class a class is: BaseOrchestrator is an abstract one.

    Whoever compares with `type` is looked for among the callers only: the word is in every other file.
    """
    callers = {caller.path for caller in target.callers if caller.path.endswith(".py")}
    if project not in _asking_files:
        _asking_files[project] = _those_that_ask(project, python_files_with(project, ["ABC", "ABCMeta"]))
    for path in sorted(_asking_files[project] | _those_that_ask(project, callers)):
        for line, what in _metaclass_asked(project.sources.text(path)):
            why = f"line {line} of {path} asks {what}"
            remedy = "Ask there for a class of the project, or `isinstance(x, type)`."
            yield Obstacle(target.line, why, remedy)


def _those_that_ask(project: Project, paths: Iterable[str]) -> frozenset[str]:
    return frozenset(path for path in paths if project.sources.has(path, _ASKS_FOR_METACLASS))


@lru_cache(maxsize=1_000)
def _metaclass_asked(text: str) -> tuple[tuple[int, str], ...]:
    try:
        nodes = every_node(parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return ()
    found = []
    for node in nodes:
        if isinstance(node, ast.Call) and len(node.args) == 2 and dotted_name(node.func) in _ASKING:
            kinds = node.args[1].elts if isinstance(node.args[1], ast.Tuple) else node.args[1:]
            named = {(dotted_name(each) or "").rpartition(".")[2] for each in kinds}
            found += [
                (node.lineno, f"for {name}, of which every orchestrator is one")
                for name in sorted(named & {"ABC", "ABCMeta"})
            ]
        elif isinstance(node, ast.Compare) and _compares_with_type(node):
            found.append((node.lineno, "for classes of `type` alone, of which no orchestrator is one"))
    return tuple(found)


def _compares_with_type(node: ast.Compare) -> bool:
    sides = (node.left, *node.comparators)
    asked = [each for each in sides if isinstance(each, ast.Call) and dotted_name(each.func) == "type"]
    return bool(asked) and any(dotted_name(each) == "type" for each in sides)


@lru_cache(maxsize=1_000)
def _protocols_in(text: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the protocols that `isinstance` can ask for, with their members; each target looks at all."""
    try:
        tree = parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    return tuple(
        (node.name, frozenset(_members(node)))
        for node in every_node(tree)
        if isinstance(node, ast.ClassDef)
        and "runtime_checkable"
        in {(dotted_name(each) or "").rpartition(".")[2] for each in node.decorator_list}
    )


def _members(node: ast.ClassDef) -> set[str]:
    defined = {each.name for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}
    return defined | {
        each.target.id
        for each in node.body
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    }


def _expected_failures(project: Project, target: LegacyOrchestrator) -> Iterator[Obstacle]:
    """Yield where a construction is expected to raise for want of a loop: the framework waits for one."""
    for path, one in _caught(project, target, {_NO_LOOP}):
        why = (
            f"line {one.line} of {path} expects that it cannot be built where no loop runs, "
            "and the framework waits for a loop"
        )
        yield Obstacle(target.line, why, "Ask for a running loop before the class is built there.")


def _caught(project: Project, target: LegacyOrchestrator, errors: set[str]) -> Iterator[tuple[str, Caller]]:
    builders = {target.class_name, *_builders(project, target)}
    made = [
        one
        for one in target.callers
        if one.form is Form.CONSTRUCTION
        or (one.form is Form.ACCESSOR_CALL and one.name.rpartition(".")[2] in builders)
    ]
    for path in sorted({one.path for one in made if one.path.endswith(".py")}):
        for first, last in _catching(parse(project.sources[path].text), errors):
            yield from ((path, one) for one in made if one.path == path and first <= one.line <= last)


def _builders(project: Project, target: LegacyOrchestrator) -> Iterator[str]:
    """Yield the accessors that build the class when they are called, and raise nothing themselves."""
    named = {each.name for each in target.accessors if each.path == target.path}
    for node in parse(project.sources[target.path].text).body:
        if isinstance(node, ast.FunctionDef) and node.name in named:
            inside = every_node(node)
            calls = [each.func for each in inside if isinstance(each, ast.Call)]
            builds = any(isinstance(each, ast.Name) and each.id == target.class_name for each in calls)
            if builds and not any(isinstance(each, ast.Raise) for each in inside):
                yield node.name


def _catching(tree: ast.AST, errors: set[str]) -> Iterator[tuple[int, int]]:
    """Yield the first and last lines of code of which one of these errors is waited for."""
    for node in every_node(tree):
        if isinstance(node, ast.Try) and any(_names(handler.type) & errors for handler in node.handlers):
            yield node.body[0].lineno, node.body[-1].end_lineno or node.body[-1].lineno
        elif isinstance(node, ast.With) and any(
            isinstance(item.context_expr, ast.Call)
            and (dotted_name(item.context_expr.func) or "").rpartition(".")[2] in ("raises", "assertRaises")
            and _names(item.context_expr.args[0] if item.context_expr.args else None) & errors
            and not _speaks_of_something_else(item.context_expr)
            for item in node.items
        ):
            yield node.lineno, node.end_lineno or node.lineno


def _speaks_of_something_else(raises: ast.Call) -> bool:
    """Tell whether the text that is expected is not what asyncio says where no loop runs."""
    patterns = [each.value for each in raises.keywords if each.arg == "match"]
    if not patterns or not isinstance(patterns[0], ast.Constant) or not isinstance(patterns[0].value, str):
        return False
    try:
        return re.search(patterns[0].value, "no running event loop") is None
    except re.error:
        return False


def _names(node: ast.expr | None) -> set[str]:
    """Return the names of the errors of a handler, an empty one for a handler of all."""
    named = node.elts if isinstance(node, ast.Tuple) else [node]
    return {each.id if isinstance(each, ast.Name) else "" if each is None else "?" for each in named}


_asking_files: WeakKeyDictionary[Project, frozenset[str]] = WeakKeyDictionary()
"""The files of each project that may ask for abstract classes in general; every target asks for them."""
