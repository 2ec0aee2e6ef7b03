"""Each defect is planted thirty ways or more into clean code; at least nine of ten are found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from orchestra_codemods.lint.rule import Rule, discover
from orchestra_codemods.lint.run import lint
from tests.lint.planted import HEAD, PLANTED
from tests.lint.planted_orchestrators import FLOW, PLANTED_ORCHESTRATORS, RECORDS
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


def _with_comments_behind(text: str) -> str:
    return _with_comments(text).removeprefix(HEAD) if text.strip() else text


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


def _qualified(text: str) -> str:
    """Import the framework as a module, and say its names with it."""
    found = re.search(r"^from orchestra import (.+)$", text, re.MULTILINE)
    if found is None:
        return "import sys\n" + text if '"""' not in text[:3] and "DEPRECATED" not in text else text
    names = "|".join(re.findall(r"\b[A-Z]\w+", found[1])) or "-"
    rest = text.replace(found[0], "import orchestra as framework", 1)
    rest = re.sub(r"@operation\b", "@framework.operation", rest)
    rest = re.sub(r"(?<!\w)(get_orchestration_facade|lazy|forward)\(", r"framework.\1(", rest)
    return re.sub(rf"(?<![\w.\"])({names})\b", r"framework.\1", rest)


def _around(text: str) -> str:
    return text if _begins(text) else CLEAN_BEFORE + text + CLEAN_AFTER


def _begins(text: str) -> bool:
    """Tell whether the first line has to stay the first: a docstring or a comment that says something."""
    return not text.strip() or text.startswith(('"', "# DEPRECATED"))


FILE_WAYS: tuple[Callable[[str], str], ...] = (
    str,
    lambda text: text.replace("    ", "\t"),
    lambda text: text.replace("    ", "  "),
    lambda text: text.replace("\n", "\r\n"),
    _with_comments_behind,
    _around,
    _qualified,
)


def planted_files(slug: str) -> Iterator[tuple[str, dict[str, str]]]:
    for text in PLANTED_ORCHESTRATORS[slug]:
        for way in FILE_WAYS:
            files = files_of(RULES[slug], text)
            yield text, {path: way(part) if path.endswith(".py") else part for path, part in files.items()}


@pytest.mark.parametrize("slug", sorted(PLANTED_ORCHESTRATORS))
def test_nine_of_ten_defects_planted_in_orchestrators_are_found(slug: str) -> None:
    tries = list(planted_files(slug))
    missed = [text for text, files in tries if not is_found(RULES[slug], files)]
    assert len(tries) >= 30
    assert len(missed) <= len(tries) / 10, f"{len(missed)} of {len(tries)} missed:\n" + "\n".join(missed)


@pytest.mark.parametrize("slug", sorted(RECORDS))
def test_defects_of_records_are_found_wherever_they_stand(slug: str) -> None:
    other = '[[module]]\nname = "x"\npath = "x.py"\nreplacement = "y"\nowner = "b"\nremove_on = 2028-01-01\n'
    around = (
        ("", ""),
        (other, ""),
        ("", other),
        ("# records\n\n", ""),
        (other, other),
        (other + "\n", "\n" + other),
    )
    missed = 0
    for record in RECORDS[slug]:
        for before, after in around:
            text = f'{before}[[module]]\nname = "old"\npath = "src/old.py"\n{record}{after}'
            missed += not is_found(RULES[slug], {"src/old.py": "A = 1\n", "deprecations.toml": text})
    assert len(RECORDS[slug]) * len(around) >= 30
    assert missed == 0


def test_every_rule_is_planted() -> None:
    assert set(PLANTED) | set(PLANTED_ORCHESTRATORS) | set(RECORDS) == set(RULES)


def test_the_scaffold_is_clean() -> None:
    on = [rule for rule in RULES.values() if rule.default == "on"]
    assert lint(project_of(files_of(RULES["own-logger"], FLOW)), on, today=TODAY).open == ()
