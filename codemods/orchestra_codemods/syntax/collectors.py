"""The facts that rules about the whole project share: what is defined, registered, called and built where."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.change import Span
from orchestra_codemods.syntax.fact import Collector, Fact
from orchestra_codemods.syntax.file import FUNCTIONS, File
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.orchestrators import (
    BASE,
    is_orchestrator,
    looks_like_orchestrator,
    metadata,
)

_FACADE_CALLS = {"orchestrate", "call", "orchestrate_sync", "call_sync", "stream", "remove", "unregister"}
_REGISTERING = {"register", "register_factory", "discover", "add"}


def place(file: File, node: ast.AST, name: str, /, **data: str) -> Fact:
    """Return a fact at a node; ``start`` and ``end`` are its offsets."""
    offsets = {"start": str(file.start(node)), "end": str(file.end(node))}
    span = file.span(node)
    return Fact(name, span, file.symbol(node), data | offsets)


def _definitions(file: File, node: ast.ClassDef) -> Iterator[Fact]:
    if not is_orchestrator(file, node) or file.is_test:
        return
    given = metadata(node)
    named = given.literal_name if given else None
    fact = place(
        file,
        node,
        node.name,
        name=named or "",
        name_literal="1" if named is not None else "",
        name_given="1" if given and given.name is not None else "",
        layer=(given.layer_member if given else None) or "",
        documented="1" if ast.get_docstring(node) else "",
        abstract="1" if _is_abstract(file, node) else "",
        methods=" ".join(one.name for one in node.body if isinstance(one, FUNCTIONS)),
    )
    if given is not None and given.name is not None:
        at = given.name
        yield Fact(fact.name, file.span(at), fact.symbol, dict(fact.data) | {"class_line": str(node.lineno)})
    else:
        yield Fact(fact.name, _head(file, node), fact.symbol, fact.data)


def _head(file: File, node: ast.ClassDef) -> Span:
    span = file.span(node)
    return Span(span.line, span.column, span.line, span.column + len(f"class {node.name}"))


def _is_abstract(file: File, node: ast.ClassDef) -> bool:
    if any((file.dotted(base) or "").rpartition(".")[2] in {"ABC", "Protocol"} for base in node.bases):
        return True
    return any(
        "abstract" in ast.unparse(decorator)
        for one in node.body
        if isinstance(one, FUNCTIONS)
        for decorator in one.decorator_list
    )


def _registrations(file: File, node: ast.Call) -> Iterator[Fact]:
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in _REGISTERING or not node.args:
        return
    for argument in (*node.args[:2], *(one.value for one in node.keywords)):
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield place(file, argument, argument.value, how=node.func.attr)
        name = _constructed(file, argument)
        if name is not None:
            yield place(file, argument, name, how="class")


def _constructed(file: File, node: ast.expr) -> str | None:
    """Return the class that is built here, or that the name given here was assigned, or that is named."""
    if isinstance(node, ast.Call):
        return (file.dotted(node.func) or "").rpartition(".")[2] or None
    if isinstance(node, ast.Name):
        for one in everything(file.tree):
            if (
                isinstance(one, ast.Assign)
                and isinstance(one.value, ast.Call)
                and any(isinstance(target, ast.Name) and target.id == node.id for target in one.targets)
            ):
                return (file.dotted(one.value.func) or "").rpartition(".")[2] or None
        return (file.dotted(node) or "").rpartition(".")[2]
    return None


def _calls(file: File, node: ast.Call) -> Iterator[Fact]:
    function = node.func
    if (
        not isinstance(function, ast.Attribute)
        or function.attr not in _FACADE_CALLS
        or not is_facade(file, function.value)
    ):
        return
    given = [one.value for one in node.keywords if one.arg == "orchestrator_name"] or node.args[:1]
    for argument in given:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield place(file, argument, argument.value, how=function.attr)


def is_facade(file: File, node: ast.AST) -> bool:
    """Tell whether an expression is the facade: asked for here, or a name that was assigned it, or
    called so.
    """
    if isinstance(node, ast.Call):
        return (file.dotted(node.func) or "").rpartition(".")[2] in {
            "get_orchestration_facade",
            "OrchestrationFacade",
            "build_facade",
        }
    name = (file.dotted(node) or "").rpartition(".")[2].lstrip("_")
    return name == "facade" or name.endswith("_facade")


def _buildings(file: File, node: ast.Call) -> Iterator[Fact]:
    name = (file.dotted(node.func) or "").rpartition(".")[2]
    if not name or not looks_like_orchestrator(file.config, name) or name == BASE or file.is_test:
        return
    around = next((one for one in file.ancestors(node) if isinstance(one, (*FUNCTIONS, ast.Lambda))), None)
    main = any(isinstance(one, ast.If) and _is_main(one) for one in file.ancestors(node))
    parent = file.parents.get(node)
    called = isinstance(parent, ast.Attribute) and isinstance(file.parents.get(parent), ast.Call)
    yield place(
        file,
        node,
        name,
        at="import" if around is None and not main else "",
        script="1" if any(isinstance(one, ast.If) and _is_main(one) for one in file.tree.body) else "",
        function=getattr(around, "name", "lambda") if around is not None else "",
        called="1" if called or _is_called_later(parent, around) else "",
        origin=file.dotted(node.func) or "",
    )


def _is_main(node: ast.If) -> bool:
    return "__main__" in ast.unparse(node.test)


def _is_called_later(parent: ast.AST | None, around: ast.AST | None) -> bool:
    """Tell whether a method is called on the name that the new object is assigned in the same function."""
    if around is None or not isinstance(parent, ast.Assign) or not isinstance(parent.targets[0], ast.Name):
        return False
    name = parent.targets[0].id
    for one in everything(around):
        if (
            (
                isinstance(one, ast.Call)
                and isinstance(one.func, ast.Attribute)
                and isinstance(one.func.value, ast.Name)
            )
            and one.func.value.id == name
            and one.func.attr not in {"cleanup", "aclose"}
        ):
            return True
    return False


def _enums(file: File, node: ast.ClassDef) -> Iterator[Fact]:
    if not any((file.dotted(base) or "").rpartition(".")[2] in {"Enum", "StrEnum"} for base in node.bases):
        return
    members = [
        target.id
        for one in node.body
        if isinstance(one, ast.Assign)
        for target in one.targets
        if isinstance(target, ast.Name)
    ]
    if node.name in {"OrchestrationLayer", "OrchestrationType"}:
        yield place(file, node, node.name, members=" ".join(members))


def _members(file: File, node: ast.Attribute) -> Iterator[Fact]:
    if isinstance(node.value, ast.Name | ast.Attribute):
        enum = (file.dotted(node.value) or "").rpartition(".")[2]
        if enum in {"OrchestrationLayer", "OrchestrationType"} and node.attr.isupper():
            yield place(
                file,
                node,
                f"{enum}.{node.attr}",
                enum=enum,
                member=node.attr,
                layer=_layer_beside(file, node),
                text=file.text_of(node),
            )


def _layer_beside(file: File, node: ast.Attribute) -> str:
    """Return the layer that the same call gives."""
    parent = file.parents.get(node)
    call = file.parents.get(parent) if isinstance(parent, ast.keyword) else parent
    if isinstance(call, ast.Call):
        for argument in (*call.args, *(one.value for one in call.keywords)):
            if isinstance(argument, ast.Attribute) and "OrchestrationLayer" in ast.unparse(argument.value):
                return argument.attr
    return ""


DEFINITIONS = Collector("definitions", ((BASE.encode(),), (b"class ",)), (ast.ClassDef,), _definitions)
REGISTRATIONS = Collector(
    "registrations",
    ((b".register(", b".register_factory(", b".discover("), (b"acade", b"rchestra")),
    (ast.Call,),
    _registrations,
)
CALLS = Collector(
    "calls",
    ((b"acade",), (b".orchestrate", b".call", b".stream(", b".remove(", b".unregister(")),
    (ast.Call,),
    _calls,
)
_BUILT = re.compile(rb"(?:Orchestrator|Coordinator)(?:\(| as \w)")


def _builds(data: bytes) -> bool:
    """Tell whether such a class is called or gets another name, elsewhere than in its own definition."""
    for found in _BUILT.finditer(data):
        line = data[data.rfind(b"\n", 0, found.start()) + 1 : found.start()]
        if not line.lstrip().startswith(b"class "):
            return True
    return False


BUILDINGS = Collector(
    "buildings",
    ((b"Orchestrator", b"Coordinator"), (_builds,)),
    (ast.Call,),
    _buildings,
)
ENUMS = Collector(
    "enums",
    ((b"OrchestrationType", b"OrchestrationLayer"), (b"class Orchestration",)),
    (ast.ClassDef,),
    _enums,
)
MEMBERS = Collector("members", ((b"OrchestrationType.", b"OrchestrationLayer."),), (ast.Attribute,), _members)
