"""Classes that are orchestrators of the framework, and what they say of themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from orchestra_codemods.config import Config
from orchestra_codemods.syntax.file import File, Function
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.places import absolute
from orchestra_codemods.syntax.tasks import methods

BASE = "BaseOrchestrator"
LAYERS = ("DOMAIN", "APPLICATION", "INFRASTRUCTURE")
TYPES = (
    "SEQUENTIAL",
    "PARALLEL",
    "HIERARCHICAL",
    "ADAPTIVE",
    "FEEDBACK",
    "MONITORING",
    "COORDINATION",
    "LIFECYCLE",
    "BUSINESS_LOGIC",
)
FRAMEWORK_METHODS = frozenset({"orchestrate", "can_orchestrate", "cleanup"})


@dataclass(frozen=True, slots=True)
class Metadata:
    """The arguments of ``super().__init__``: the call, and the expression of each, where given."""

    call: ast.Call
    layer: ast.expr | None
    name: ast.expr | None
    type: ast.expr | None
    is_open: bool
    """Whether ``*`` or ``**`` may give more."""

    @property
    def layer_member(self) -> str | None:
        """The member behind ``OrchestrationLayer.X``."""
        return member(self.layer)

    @property
    def literal_name(self) -> str | None:
        """The name, where it is a literal."""
        is_text = isinstance(self.name, ast.Constant) and isinstance(self.name.value, str)
        return str(self.name.value) if is_text and isinstance(self.name, ast.Constant) else None


def is_orchestrator(file: File, cls: ast.ClassDef) -> bool:
    """Tell whether a class inherits the framework's base, directly or through classes of the same file."""
    seen: set[str] = set()
    waiting = list(cls.bases)
    local = {one.name: one for one in file.tree.body if isinstance(one, ast.ClassDef)}
    while waiting:
        base = waiting.pop()
        if _is_our_base(file, base):
            return True
        name = (file.dotted(base) or "").rpartition(".")[2]
        if name in local and name not in seen:
            seen.add(name)
            waiting += local[name].bases
    return False


def inherits_directly(file: File, cls: ast.ClassDef) -> bool:
    """Tell whether BaseOrchestrator is among the bases as written."""
    return any(_is_our_base(file, base) for base in cls.bases)


def _is_our_base(file: File, base: ast.expr) -> bool:
    """Tell whether an expression is the framework's BaseOrchestrator: many projects have one of their own.

    Ours comes from `orchestra` or from the project's package of orchestrators; in a fragment, from nowhere.
    """
    module, _, name = (file.dotted(base) or "").rpartition(".")
    if name != BASE:
        return False
    level = len(module) - len(module.lstrip("."))
    module = absolute(file.config, file.path, level, module[level:])
    if not module:
        return not any(isinstance(one, ast.ClassDef) and one.name == BASE for one in file.tree.body)
    return any(f"{module}.".startswith(f"{one}.") for one in ("orchestra", file.config.package))


def orchestrators(file: File) -> Iterator[ast.ClassDef]:
    """Yield the orchestrator classes at the top level of a file."""
    for node in file.tree.body:
        if isinstance(node, ast.ClassDef) and is_orchestrator(file, node):
            yield node


def looks_like_orchestrator(config: Config, name: str) -> bool:
    """Tell whether a class name fits one of the configured patterns."""
    return any(fnmatchcase(name, pattern) for pattern in config.patterns)


def member(node: ast.AST | None) -> str | None:
    """Return ``X`` of ``Enum.X``."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
        return node.attr
    return None


def metadata(cls: ast.ClassDef) -> Metadata | None:
    """Return what ``__init__`` hands to ``super().__init__``, or None where it calls it nowhere."""
    constructor = methods(cls).get("__init__")
    if constructor is None:
        return None
    for node in everything(constructor):
        if isinstance(node, ast.Call) and is_super_init(node):
            return _metadata(node)
    return None


def is_super_init(node: ast.Call) -> bool:
    """Tell whether a call is ``super().__init__(…)`` or ``BaseOrchestrator.__init__(self, …)``."""
    function = node.func
    if not isinstance(function, ast.Attribute) or function.attr != "__init__":
        return False
    value = function.value
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name) and value.func.id == "super"
    return isinstance(value, ast.Name) and value.id == BASE


def _metadata(call: ast.Call) -> Metadata:
    is_super = isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call)
    given = call.args if is_super else call.args[1:]
    named = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    placed = dict(zip(("layer", "name", "orchestration_type"), given, strict=False))
    values = placed | named
    is_open = any(isinstance(one, ast.Starred) for one in call.args) or None in {
        keyword.arg for keyword in call.keywords
    }
    return Metadata(call, values.get("layer"), values.get("name"), values.get("orchestration_type"), is_open)


def operations(file: File, cls: ast.ClassDef) -> list[Function]:
    """Return the methods that are marked ``@operation``."""
    return [one for one in methods(cls).values() if is_marked(file, one, "operation")]


def is_marked(file: File, function: Function, mark: str) -> bool:
    """Tell whether a function carries a decorator by that name, called or not."""
    for decorator in function.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        if (file.dotted(target) or "").rpartition(".")[2] == mark:
            return True
    return False
