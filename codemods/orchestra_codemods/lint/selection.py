"""Which rules run: those that are on by default, or what options and settings say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from orchestra.errors import OrchestraError
from orchestra_codemods.lint.retired import RETIRED
from orchestra_codemods.lint.rule import Rule, all_rules


class UnknownRuleError(OrchestraError):
    """A rule that does not exist, in an option or in the settings."""

    code = "unknown-rule"


def selected(
    select: Sequence[str] = (), ignore: Sequence[str] = (), *, preview: bool = False
) -> tuple[Rule, ...]:
    """Return the rules to run, in the order of their codes.

    Names are codes (`ORC102`), beginnings of codes (`ORC1`), slugs (`dangling-task`) or `ALL`. What is
    selected by its whole name runs even when it is in preview or opt-in. Raises UnknownRuleError.
    """
    rules = all_rules()
    wanted = [rule for rule in rules if _is_default(rule, preview=preview)]
    if select:
        chosen = {rule.code for name in select for rule in _named(name, rules, preview=preview)}
        wanted = [rule for rule in rules if rule.code in chosen]
    left_out = {rule.code for name in ignore for rule in _named(name, rules, preview=True)}
    return tuple(rule for rule in wanted if rule.code not in left_out)


def find(name: str) -> Rule:
    """Return the rule of a code or slug. Raises UnknownRuleError."""
    for rule in all_rules():
        if name in {rule.code, rule.slug}:
            return rule
    raise _unknown(name, all_rules())


def _is_default(rule: Rule, *, preview: bool) -> bool:
    return rule.default == "on" or (preview and rule.default == "preview")


def _named(name: str, rules: Iterable[Rule], *, preview: bool) -> list[Rule]:
    exact = [rule for rule in rules if name in {rule.code, rule.slug}]
    if exact:
        return exact
    group = [rule for rule in rules if name == "ALL" or (len(name) >= 3 and rule.code.startswith(name))]
    if not group:
        raise _unknown(name, rules)
    return group if name == "ALL" else [rule for rule in group if _is_default(rule, preview=preview)]


def _unknown(name: str, rules: Iterable[Rule]) -> UnknownRuleError:
    if name in RETIRED:
        return UnknownRuleError(f"the rule {name} was given up: {RETIRED[name]}", hint="Remove it.")
    known = [one for rule in rules for one in (rule.slug, rule.code)]
    close = get_close_matches(name, known, n=1)
    hint = f"Did you mean `{close[0]}`?" if close else "docs/lint.md lists the rules."
    return UnknownRuleError(f"there is no rule `{name}`", hint=hint)
