"""A rule as the engine sees it, made of its module; found by folder, and at the entry points of others."""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from orchestra.errors import OrchestraError
from orchestra_codemods import rules
from orchestra_codemods.config import Config
from orchestra_codemods.syntax.fact import Collector, Facts, Placed, Tokens
from orchestra_codemods.syntax.file import File
from orchestra_codemods.syntax.hit import Hit
from orchestra_codemods.unit import Case

GROUP = "orchestra.rules"
"""Entry points of third parties: each names a module that is written like ours, with a code prefix of
its own.
"""

Check = Callable[[File, Any], Iterator[Hit]]
Judge = Callable[[Facts], Iterator[Placed]]


class BadRuleError(OrchestraError):
    """A rule module that the engine cannot use."""

    code = "bad-rule"


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """What is known of a rule. ``check`` looks at one node, ``judge`` at the facts of all files."""

    code: str
    slug: str
    documentation: str
    tokens: Tokens = ()
    nodes: tuple[type[ast.AST], ...] = ()
    check: Check | None = None
    judge: Judge | None = None
    facts: tuple[Collector, ...] = ()
    cases: tuple[Case, ...] = ()
    clean: tuple[Case, ...] = ()
    default: str = "on"
    """"on", "preview" (with --preview) or "opt-in" (only where it is selected by name)."""
    case_path: str = "example.py"
    applies: Callable[[Config, str], bool] | None = None
    """Tells by settings and path whether a file can concern the rule at all."""
    in_tests: bool = False
    """Whether the rule also looks at test files."""
    in_transition: bool = True
    """Whether the rule also looks at modules that a migration filled, before the date of the old one."""

    since: tuple[int, int] = (3, 0)
    """The Python from which on it speaks; where the project supports an older one, it is silent."""

    @property
    def summary(self) -> str:
        """The first sentence of the documentation."""
        return self.documentation.strip().partition("\n")[0].rstrip(".")

    @property
    def fixable(self) -> bool:
        """Whether some case shows a fix."""
        return any(case.after is not None for case in self.cases)

    def __repr__(self) -> str:
        return f"<{self.code} {self.slug}>"


def rule_of(module: ModuleType) -> Rule:
    """Make a rule of its module; the module's file name is its slug. Raises BadRuleError."""
    slug = module.__name__.rpartition(".")[2].replace("_", "-")
    if not getattr(module, "CODE", None) or not module.__doc__:
        raise BadRuleError(
            f"{module.__name__} has no CODE or no docstring", hint="See docs/lint.md, “Writing a rule”."
        )
    return Rule(
        code=module.CODE,
        slug=slug,
        documentation=module.__doc__,
        tokens=getattr(module, "TOKENS", ()),
        nodes=getattr(module, "NODES", ()),
        check=getattr(module, "check", None),
        judge=getattr(module, "judge", None),
        facts=getattr(module, "FACTS", ()),
        cases=getattr(module, "CASES", ()),
        clean=getattr(module, "CLEAN", ()),
        default=getattr(module, "DEFAULT", "on"),
        case_path=getattr(module, "CASE_PATH", "example.py"),
        applies=getattr(module, "applies", None),
        in_tests=getattr(module, "IN_TESTS", False),
        since=getattr(module, "SINCE", (3, 0)),
        in_transition=getattr(module, "IN_TRANSITION", True),
    )


def discover(package: ModuleType = rules) -> tuple[Rule, ...]:
    """Return the rules of a package, in the order of their codes."""
    names = (info.name for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."))
    return _sorted(rule_of(importlib.import_module(name)) for name in names)


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return our rules and those of installed third parties."""
    theirs = importlib.metadata.entry_points(group=GROUP)
    return _sorted((*discover(), *(rule_of(point.load()) for point in theirs)))


def _sorted(found: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(sorted(found, key=lambda rule: rule.code))
