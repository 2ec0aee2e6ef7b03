"""How the instance of the process is had: by the legacy accessor where there is one, else by construction."""

from __future__ import annotations

import ast

from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.names import parse

_KINDS = ("get", "cache", "factory")


def construction(text: str, target: LegacyOrchestrator) -> tuple[set[str], list[str]]:
    """Return the names to import from the target's module, and the statements that return the instance.

    A class whose constructor needs arguments, and which has no accessor, gets a statement that raises and
    says what a person has to write.
    """
    functions = {node.name: node for node in parse(text).body if isinstance(node, ast.FunctionDef)}
    for kind in _KINDS:
        for accessor in target.accessors:
            function = functions.get(accessor.name)
            if accessor.kind == kind and function is not None and not _required(function):
                return _through(function, target)
    instance = next((one.name for one in target.accessors if one.kind == "instance"), None)
    if instance is not None and instance.isidentifier() and not instance.startswith("_"):
        return {instance}, [f"return {instance}"]
    if target.required_arguments:
        return set(), [needs_a_person(target)]
    return {target.class_name}, [f"return {target.class_name}()"]


def needs_a_person(target: LegacyOrchestrator) -> str:
    """Return the statement that stands in for a construction which nobody but a person can write."""
    arguments = ", ".join(target.required_arguments)
    return f'raise NotImplementedError("build {target.class_name} here: it needs {arguments}")'


def _through(function: ast.FunctionDef, target: LegacyOrchestrator) -> tuple[set[str], list[str]]:
    parameters = [each.arg for each in (*function.args.args, *function.args.kwonlyargs)]
    if "auto_create" in parameters:
        return {function.name}, [f"return {function.name}(auto_create=True)"]
    call = f"{function.name}()"
    may_be_none = function.returns is not None and "None" in ast.unparse(function.returns)
    if may_be_none and not target.required_arguments:
        return {function.name, target.class_name}, [f"return {call} or {target.class_name}()"]
    return {function.name}, [f"return {call}"]


def _required(function: ast.FunctionDef) -> bool:
    arguments = function.args
    plain = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    return plain > 0 or any(default is None for default in arguments.kw_defaults)
