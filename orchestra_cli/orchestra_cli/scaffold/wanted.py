"""What the options of `orchestra new` say, checked one by one."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterable, Sequence

from orchestra_cli.errors import InvalidValueError
from orchestra_cli.registered.modules import absolute
from orchestra_cli.scaffold.home import Home
from orchestra_cli.scaffold.naming import BadNameError, member_name
from orchestra_cli.suggest import did_you_mean
from orchestra_templates.request import Background, Dependency

LAYERS = ("domain", "application", "infrastructure")


def operations_of(given: Sequence[str]) -> tuple[str, ...] | None:
    """Return the names of the operations, None where none was given. Raises BadNameError."""
    return _unique([member_name(one, "an operation") for one in given]) or None


def background_of(given: Sequence[str]) -> tuple[Background, ...] | None:
    """Return the background tasks, each from NAME or NAME:SECONDS, None where none was given."""
    tasks = []
    for one in given:
        name, colon, text = one.partition(":")
        tasks.append(
            Background(member_name(name, "a background task"), _seconds(one, text) if colon else None)
        )
    _unique([task.name for task in tasks])
    return tuple(tasks) or None


def dependencies_of(given: Sequence[str], home: Home) -> tuple[Dependency, ...]:
    """Return the dependencies, each from NAME=MODULE:CALLABLE, with the type where the project says it."""
    found = []
    for one in given:
        name, equals, source = one.partition("=")
        module, colon, function = source.partition(":")
        is_dotted = all(part.isidentifier() for part in (*module.split("."), *function.split(".")))
        if not (equals and colon and is_dotted):
            raise InvalidValueError(
                f"--dependency cannot be `{one}`: it should be NAME=MODULE:CALLABLE",
                hint="As in --dependency router=my_app.routing:get_router.",
            )
        found.append(_dependency(member_name(name, "a dependency"), module, function, home))
    _unique([one.name for one in found])
    return tuple(found)


def type_of(given: str | None, home: Home) -> str | None:
    """Return the member of the project's own OrchestrationType. Raises InvalidValueError."""
    if given is None:
        return None
    wanted = given.strip().replace("-", "_")
    for member, value in home.types.items():
        if wanted.lower() in (member.lower(), value.lower()):
            return member
    known = list(home.types.values())
    raise InvalidValueError(
        f"--type cannot be `{given}`: the project has no such OrchestrationType",
        hint=did_you_mean(given, known, f"There are: {', '.join(known)}. protocols.py may have more."),
    )


def check_distinct(*groups: Iterable[str]) -> None:
    """Raise BadNameError where one name is wanted for two things."""
    _unique([name for group in groups for name in group])


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadNameError(
            f"`{twice}` is named twice", hint="An attribute or method of a class needs a name of its own."
        )
    return tuple(names)


def _seconds(given: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise InvalidValueError(
            f"--background cannot be `{given}`: behind the colon stands a number of seconds",
            hint="As in --background refresh:30.",
        )
    return seconds


def _dependency(name: str, module: str, function: str, home: Home) -> Dependency:
    source = f"{module}:{function}"
    path = home.modules.path_of(module)
    if path is None:
        if module.partition(".")[0] in home.first_party:
            raise InvalidValueError(
                f"the dependency `{name}` names the module {module}, which the project does not have",
                hint="Write the module first, or correct the name.",
            )
        is_class = function.isidentifier() and re.match(r"[A-Z]", function)
        return Dependency(name, source, *((function, module) if is_class else ()))
    offered = home.names_in(path)
    first = function.partition(".")[0]
    if first not in offered and not _may_offer_more(home.modules.tree(path)):
        raise InvalidValueError(
            f"the dependency `{name}` names `{first}`, which {path} does not define",
            hint=did_you_mean(first, offered, f"It defines: {', '.join(sorted(offered)) or 'nothing'}."),
        )
    return Dependency(name, source, *_type_behind(home.modules.tree(path), module, path, function))


def _may_offer_more(tree: ast.Module) -> bool:
    stars = (
        alias.name == "*"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    )
    return any(stars) or any(
        isinstance(node, ast.FunctionDef) and node.name == "__getattr__" for node in tree.body
    )


def _type_behind(tree: ast.Module, module: str, path: str, function: str) -> tuple[str, str] | tuple[()]:
    """Return the class that a callable returns and the module to import it from, where that is plain."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == function:
            return function, module
        if isinstance(node, ast.FunctionDef) and node.name == function:
            returns = node.returns
            if isinstance(returns, ast.Constant) and isinstance(returns.value, str):
                returns = ast.parse(returns.value, mode="eval").body if returns.value.isidentifier() else None
            return _home_of(tree, module, path, returns.id) if isinstance(returns, ast.Name) else ()
    return ()


def _home_of(tree: ast.Module, module: str, path: str, name: str) -> tuple[str, str] | tuple[()]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name == name and node in tree.body:
            return name, module
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name == name and alias.asname in (None, name):
                    is_package = path.endswith("/__init__.py")
                    return name, absolute(node.module, node.level, module, is_package=is_package)
    return ()
