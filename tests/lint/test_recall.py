"""Each defect is planted thirty ways or more into clean code; at least nine of ten are found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from orchestra_codemods.lint.rule import Rule, discover
from orchestra_codemods.lint.run import lint
from tests.lint.planted import HEAD, PLANTED
from tests.support.lint import TODAY, files_of, project_of

RULES = {rule.slug: rule for rule in discover()}
CLEAN_BEFORE = (
    "import contextlib\n\n\nclass Quiet:\n    '''Does nothing of note.'''\n\n    limit = 3\n\n    async def close(self):\n"  # noqa: E501
    "        await self.session.aclose()\n\n\ndef total(values):\n    return sum(values)\n\n\n"
)
CLEAN_AFTER = "\n\nasync def rest(items):\n    results = []\n    for item in items:\n        results.append(await item.load())\n    return results\n"  # noqa: E501


def _as_written(text: str) -> str:
    return HEAD + text


def _between_clean_code(text: str) -> str:
    return HEAD + CLEAN_BEFORE + text + CLEAN_AFTER


def _with_tabs(text: str) -> str:
    return HEAD + text.replace("    ", "\t")


def _two_spaces(text: str) -> str:
    return HEAD + text.replace("    ", "  ")


def _windows_lines(text: str) -> str:
    return (HEAD + text).replace("\n", "\r\n")


def _with_comments(text: str) -> str:
    lines = (
        f"{line}  # {number}" if line.rstrip().endswith((":", ")")) else line
        for number, line in enumerate(text.splitlines())
    )
    return HEAD + "\n".join(lines) + "\n"


def _under_another_name(text: str) -> str:
    return (HEAD + text).replace("import asyncio\n", "import asyncio as aio\n").replace("asyncio.", "aio.")


def _behind_a_condition(text: str) -> str:
    inner = "".join(f"    {line}" for line in text.splitlines(keepends=True))
    return f"{HEAD}if log.disabled is not None:\n{inner}"


WAYS: tuple[Callable[[str], str], ...] = (
    _as_written,
    _between_clean_code,
    _with_tabs,
    _two_spaces,
    _windows_lines,
    _with_comments,
    _under_another_name,
    _behind_a_condition,
)


def is_found(rule: Rule, files: dict[str, str]) -> bool:
    return bool(lint(project_of(files), [rule], today=TODAY).open)


@pytest.mark.parametrize("slug", sorted(PLANTED))
def test_nine_of_ten_planted_defects_are_found(slug: str) -> None:
    tries = [(way.__name__, text, way(text)) for text in PLANTED[slug] for way in WAYS]
    missed = [
        (way, text) for way, text, planted in tries if not is_found(RULES[slug], {"src/planted.py": planted})
    ]
    assert len(tries) >= 30
    assert len(missed) <= len(tries) / 10, f"{len(missed)} of {len(tries)} missed:\n" + "\n".join(
        f"{way}: {text}" for way, text in missed
    )


CASE_WAYS = (_windows_lines, _with_comments, _two_spaces)


@pytest.mark.parametrize(
    "slug", sorted(set(RULES) - set(PLANTED) - {"suppression-without-reason", "unparsable-file"})
)
def test_other_defects_are_found_however_they_are_laid_out(slug: str) -> None:
    rule = RULES[slug]
    for case in rule.cases:
        for path, text in files_of(rule, case.before).items():
            if not path.endswith(".py"):
                continue
            files = files_of(rule, case.before)
            files[path] = text.replace("\n", "\r\n")
            assert is_found(rule, files)
            files[path] = (
                "# a comment\n\nX = 1\n" + text
                if '"""' not in text[:3] and "DEPRECATED" not in text
                else text
            )
            assert is_found(rule, files)
