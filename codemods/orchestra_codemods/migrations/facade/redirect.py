"""Awaited calls of an orchestrator's methods that become calls of the facade, and those that stay."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from orchestra_codemods.change import Edit, FacadeCall, Refusal, Span
from orchestra_codemods.inventory.calls import fits
from orchestra_codemods.inventory.model import Caller, Form, LegacyOrchestrator
from orchestra_codemods.inventory.refusals import is_test
from orchestra_codemods.migrations.decisions import Calls
from orchestra_codemods.migrations.facade.file import CallerFile
from orchestra_codemods.migrations.facade.imported import FacadeImports
from orchestra_codemods.migrations.facade.receivers import Receiver, Receivers
from orchestra_codemods.migrations.facade.staying import REMEDY, why_it_stays
from orchestra_codemods.migrations.facade.touched import Touched
from orchestra_codemods.migrations.placement import Placement, unit_of
from orchestra_codemods.migrations.shape import shapes_in
from orchestra_codemods.names import dotted_name, every_node, is_kept, kept_lines, parse
from orchestra_codemods.project import Project

How = Callable[[LegacyOrchestrator, str], Calls]
"""Says how a file that calls an orchestrator changes."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
_INERT = (ast.Constant, ast.Name, ast.Attribute, ast.Tuple, ast.List, ast.Dict, ast.Starred, ast.keyword)


@dataclass(frozen=True, slots=True)
class Redirected:
    """One call that goes through the facade: its edits, in the file as it is before."""

    unit: str
    path: str
    edits: tuple[Edit, ...]
    call: FacadeCall


def redirected(project: Project, placements: Iterable[Placement], how: How) -> Iterator[Redirected | Refusal]:
    """Yield what becomes of each use of the orchestrators in callers; nothing for `imports`."""
    wanted = [
        (placement, target, by_path)
        for placement in placements
        for target in placement.targets
        if (
            by_path := {path: one for path, one in _by_path(target).items() if how(target, path) != "imports"}
        )
    ]
    if not wanted:
        return
    files: dict[str, CallerFile] = {}
    imports = FacadeImports(project)
    touched = Touched(project)
    for placement, target, by_path in wanted:
        judge = _Judge(project, placement, target, how, Receivers(project, placement, target, touched))
        for path, callers in by_path.items():
            if is_test(path):
                yield from judge.tests(path, callers)
                continue
            file = files.setdefault(path, CallerFile(project, path))
            kept = kept_lines(file.text)
            for caller in callers:
                yield from judge.of(file, caller, kept, imports)


def _by_path(target: LegacyOrchestrator) -> dict[str, list[Caller]]:
    found: dict[str, list[Caller]] = {}
    for caller in target.callers:
        if caller.form in _USES and caller.path.endswith(".py"):
            found.setdefault(caller.path, []).append(caller)
    return found


_USES = (
    Form.CALL_AWAITED,
    Form.CALL,
    Form.STATIC_CALL,
    Form.PRIVATE_CALL,
    Form.ATTRIBUTE_READ,
    Form.ATTRIBUTE_WRITE,
)


class _Judge:
    """Decides about the calls of one orchestrator."""

    def __init__(
        self,
        project: Project,
        placement: Placement,
        target: LegacyOrchestrator,
        how: How,
        receivers: Receivers,
    ) -> None:
        self._target = target
        self._how = how
        self._receivers = receivers
        source = project.sources[placement.path]
        shape = shapes_in(source.text, target.class_name)[-1]
        self._marked = {method.name for method in shape.operations}
        (node,) = [
            each
            for each in parse(source.text).body
            if isinstance(each, ast.ClassDef) and each.name == target.class_name
        ][-1:]
        self._methods = {each.name: each for each in node.body if isinstance(each, Function)}

    def tests(self, path: str, callers: list[Caller]) -> Iterator[Refusal]:
        """Yield one refusal for all that a test does with an orchestrator."""
        count = Counter(caller.form for caller in callers)[Form.CALL_AWAITED]
        if count:
            why = f"in-tests: {count} awaited calls stay: a test calls and patches the class itself"
            yield self._refusal(path, callers[0].line, why)

    def of(
        self, file: CallerFile, caller: Caller, kept: frozenset[int], imports: FacadeImports
    ) -> Iterator[Redirected | Refusal]:
        """Yield what becomes of one use; nothing where a person wants it left alone."""
        if is_kept(kept, caller.line, caller.text):
            return
        why = caller.problem or why_it_stays(caller, self._methods)
        if why is None:
            found = self._awaited(file, caller, imports)
            if isinstance(found, Redirected):
                yield found
                return
            why = found
        yield self._refusal(file.path, caller.line, why)

    def _refusal(self, path: str, line: int, why: str) -> Refusal:
        return Refusal(unit_of(self._target.name), path, Span(line), why, REMEDY)

    def _awaited(  # noqa: PLR0911 - one guard a line
        self, file: CallerFile, caller: Caller, imports: FacadeImports
    ) -> Redirected | str:
        name = caller.name
        found = file.call_at(caller.line, caller.column, name)
        if found is None or any(isinstance(each, ast.JoinedStr) for each in file.around(found[0])):
            return "unusual-form: the call is not written in one piece"
        node, call = found
        why = self._method_that_stays(name, call) or _nesting(file, node)
        if why:
            return why
        assert isinstance(call.func, ast.Attribute)
        receiver = self._receivers.of(file, call.func.value)
        if isinstance(receiver, str):
            return f"not-the-registered-instance: {receiver}"
        by_name = self._by_name(receiver, call)
        if by_name and self._how(self._target, file.path) == "facade":
            return by_name
        obtained = imports.obtain(file, node, receiver)
        if isinstance(obtained, str):
            return obtained
        written = None if by_name else self._target.name
        edits = _edits(file, call, written, obtained.local)
        if edits is None:
            return "unusual-form: the call is not written in one piece"
        declared = FacadeCall(node.lineno, node.col_offset, written, name, obtained.local, obtained.module)
        return Redirected(unit_of(self._target.name), file.path, (*edits, *obtained.edits), declared)

    def _method_that_stays(self, name: str, call: ast.Call) -> str | None:  # noqa: PLR0911 - one guard a line
        function = self._methods.get(name)
        if function is None or name not in self._marked:
            return "inherited-method: the class does not define it itself"
        if not isinstance(function, ast.AsyncFunctionDef):
            return "synchronous-method: it is awaited, and no `async def`"
        if any(isinstance(each, ast.Yield) for each in every_node(function)):
            return "generator: it is no coroutine"
        arguments = function.args
        if (arguments.posonlyargs and arguments.kwarg) or "OrchestrationContext" in ast.unparse(arguments):
            return "parameters: the facade would fill them differently"
        if not fits(function, call):
            return "wrong arity"
        if self._receivers.is_patched(name):
            return f"patched-method: tests or others put something else in the place of {name}"
        return None

    def _by_name(self, receiver: Receiver, call: ast.Call) -> str:
        """Return why a call cannot name the orchestrator; empty where it can."""
        if receiver.why_not_registered:
            return f"not-the-registered-instance: {receiver.why_not_registered}"
        parts = [node for given in (*call.args, *call.keywords) for node in every_node(given)]
        if receiver.is_call and not all(isinstance(node, _INERT) for node in parts):
            return "evaluation-order: its arguments would run before the instance is made"
        return ""


def _nesting(file: CallerFile, node: ast.Await) -> str | None:
    """Return why calls may nest without end, which the facade does not allow."""
    function = file.function_of(node)
    if function is None:
        return "no-coroutine: it does not stand in an `async def`"
    arguments = [*function.args.posonlyargs, *function.args.args]
    itself = {function.name, f"{arguments[0].arg}.{function.name}" if arguments else ""}
    if any(dotted_name(each) in itself for each in every_node(function)):
        return "recursion: the function calls itself, and the facade bounds how deep calls nest"
    return None


def _edits(file: CallerFile, call: ast.Call, name: str | None, facade: str) -> tuple[Edit, ...] | None:
    """Return the edits of a call; None where it is written in an unusual way."""
    assert isinstance(call.func, ast.Attribute)
    held = file.offsets.place(call.func.value)
    dot = re.compile(rf"\s*\.\s*{call.func.attr}\s*\(").match(file.text, held.end)
    if dot is None:
        return None
    given = [*call.args, *(each.value for each in call.keywords)]
    end = file.offsets.place(call).end
    is_bare = len(given) == 1 and _is_bare_generator(file, given[0], dot.end() - 1)
    after = file.text[dot.end()]
    gap = "" if not given else ", " if is_bare or not after.isspace() else ","
    own = f'"{call.func.attr}", None{gap}{"(" if is_bare else ""}'
    closing = (Edit(end - 1, end - 1, ")"),) if is_bare else ()
    if name is None:
        return (
            Edit(held.start, held.start, f"{facade}().call("),
            Edit(held.end, dot.end(), f", {own}"),
            *closing,
        )
    return (Edit(held.start, dot.end(), f'{facade}().call("{name}", {own}'), *closing)


def _is_bare_generator(file: CallerFile, node: ast.expr, at: int) -> bool:
    return isinstance(node, ast.GeneratorExp) and file.offsets.place(node).start == at
