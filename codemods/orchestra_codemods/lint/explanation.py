"""A rule for people: its documentation, what it finds, what its fix makes of it, and what it leaves alone."""

from __future__ import annotations

from orchestra_codemods.lint.rule import Rule
from orchestra_codemods.unit import Case

_STATES = {
    "on": "On by default.",
    "preview": "In preview: it runs with --preview, or where it is selected by name.",
    "opt-in": "Opt-in: it runs where it is selected by name.",
}


def explanation(rule: Rule) -> str:
    """Return the text that `orchestra explain` and the reference show."""
    parts = [rule.documentation.strip(), f"{rule.code}, `{rule.slug}`. {_STATES[rule.default]}"]
    parts += (_shown("Wrong", case) for case in rule.cases[:2])
    fixed = next((case for case in rule.cases if case.after is not None), None)
    if fixed is not None and fixed.after is not None:
        parts.append(f"After the fix ({fixed.why}):\n\n{_indented(fixed.after)}")
    parts += (_shown("Left alone", case) for case in rule.clean[:1])
    return "\n\n".join(parts)


def _shown(title: str, case: Case) -> str:
    return f"{title} ({case.why}):\n\n{_indented(case.before)}".replace("\0", "\\0")


def _indented(text: str) -> str:
    return "".join(
        f"    {line}" if line.strip() else line for line in text.rstrip("\n").splitlines(keepends=True)
    )
