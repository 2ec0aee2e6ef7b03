"""Every code that an error, a refusal, a check or a rule can have, with what its own source says about it.

Read with `ast` from the installed packages, so that a class with a `code` is documented by being written.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("orchestra", "orchestra_codemods", "orchestra_templates", "orchestra_cli")


@dataclass(frozen=True, slots=True)
class Code:
    """A code and what there is to say about it; ``home`` is the package that it comes from."""

    code: str
    text: str
    home: str
    kind: str = "error"

    @property
    def summary(self) -> str:
        """The first sentence."""
        return self.text.partition("\n")[0]


def all_codes() -> dict[str, Code]:
    """Return every code, sorted."""
    found = {code.code: code for path in _sources() for code in _codes_in(path)}
    for code in (*_refusals(), *_commands(), *_checks(), *_rules()):
        found.setdefault(code.code, code)
    return dict(sorted(found.items()))


def _sources() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        spec = find_spec(package)
        for folder in spec.submodule_search_locations or () if spec is not None else ():
            for path in sorted(Path(folder).rglob("*.py")):
                if "examples" not in path.parts:
                    yield package, path


def _codes_in(source: tuple[str, Path]) -> Iterator[Code]:
    package, path = source
    data = path.read_bytes()
    if b"    code = " not in data and b"    code: " not in data:
        return
    for node in ast.walk(ast.parse(data)):
        if isinstance(node, ast.ClassDef):
            code = _code_of(node)
            text = _plain(ast.get_docstring(node) or "")
            if code is not None and text:
                yield Code(code, text, package)


def _plain(docstring: str) -> str:
    """Return a docstring with one kind of mark for code."""
    text = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", inspect.cleandoc(docstring))
    return text.replace("``", "`")


def _code_of(node: ast.ClassDef) -> str | None:
    for statement in node.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str(code)))
                | ast.AnnAssign(target=ast.Name(id="code"), value=ast.Constant(value=str(code)))
            ):
                return code
            case _:
                continue
    return None


def _refusals() -> Iterator[Code]:
    from orchestra_codemods.apply.reasons import Reason, refusal

    for reason in Reason:
        example = refusal(reason, "PATH", "…")
        text = f"A file is not written: {example.why}.\n\n{example.what_to_do}"
        yield Code(reason.value, text, "orchestra_codemods", "refusal")


_REFUSING = {
    "init": "A file of the package is not written.\n\n"
    "It is there already and lacks something; the line below says what to add by hand.",
    "new": "A part of a new orchestrator is not written.\n\n"
    "The line below says which, and what to do by hand.",
    "migrate": "An orchestrator, or a reference to it, is left as it is.\n\n"
    "Behind the colon stands the orchestrator's name. That it works as before cannot be proven, for the "
    "reason in the line; the line below says what to do. The rest is migrated.",
    "deprecate": "A module is not marked, or not removed.\n\nThe line below says why and what to do.",
}
"""What a command itself refuses, where no error has the code."""


def _commands() -> Iterator[Code]:
    for command, text in _REFUSING.items():
        yield Code(command, text, "orchestra_cli", "refusal")


def _checks() -> Iterator[Code]:
    from orchestra_cli.examination.check import all_checks

    for check in all_checks():
        yield Code(check.name, inspect.cleandoc(check.documentation), "orchestra_cli", "check")


def _rules() -> Iterator[Code]:
    """Yield each lint rule under its code and under its name, with its examples."""
    from orchestra_codemods.lint.explanation import explanation
    from orchestra_codemods.lint.rule import all_rules

    for rule in all_rules():
        for code in (rule.code, rule.slug):
            yield Code(code, explanation(rule), "orchestra_codemods", "rule")
