"""The message of a commit, in the way in which the project's own are written."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestra_codemods.change import Plan
from orchestra_codemods.inventory.model import LegacyOrchestrator

LOOKED_AT = 50
"""How many of the last commits say how messages are written."""

LONGEST = 72
"""How long a subject may be before it says less."""

_CONVENTIONAL = re.compile(
    r"(?:build|chore|ci|docs|feat|fix|perf|refactor|revert|style|test)(\([^)]+\))?!?: (.*)"
)
_PAST = re.compile(r"(?i)(?:[a-z]+ed|made|wrote|let|split|put|took|kept)\b")


@dataclass(frozen=True, slots=True)
class Style:
    """What most of the last messages have in common."""

    is_conventional: bool = False
    has_scope: bool = False
    is_lower: bool = False
    is_past: bool = False
    ends_with_stop: bool = False
    has_body: bool = True
    is_signed_off: bool = False

    @classmethod
    def of(cls, messages: Sequence[str]) -> Style:
        """Return the style of some messages; the usual one of git where there are none."""
        subjects = [message.strip().partition("\n")[0] for message in messages if message.strip()]
        if not subjects:
            return cls()
        matched = [_CONVENTIONAL.match(subject) for subject in subjects]
        conventional = [match for match in matched if match]
        sentences = [match[2] if match else subject for match, subject in zip(matched, subjects, strict=True)]
        bodies = [message.strip().partition("\n")[2].strip() for message in messages]
        return cls(
            is_conventional=_most(conventional, subjects),
            has_scope=_most([match for match in conventional if match[1]], conventional),
            is_lower=_most([text for text in sentences if text[:1].islower()], sentences),
            is_past=_most([text for text in sentences if _PAST.match(text)], sentences),
            ends_with_stop=_most([text for text in sentences if text.endswith(".")], sentences),
            has_body=4 * len([body for body in bodies if body]) >= len(subjects),
            is_signed_off=_most([body for body in bodies if "Signed-off-by: " in body], subjects),
        )

    def subject(self, text: str) -> str:
        """Return a subject in this style; ``text`` begins with "Migrate"."""
        sentence = re.sub(r"^Migrate", "Migrated" if self.is_past else "Migrate", text)
        if self.is_lower or self.is_conventional:
            sentence = sentence[0].lower() + sentence[1:]
        prefix = f"refactor{'(orchestration)' if self.has_scope else ''}: " if self.is_conventional else ""
        return f"{prefix}{sentence}{'.' if self.ends_with_stop else ''}"


def style_of(root: Path) -> Style:
    """Return how the last messages of a repository are written; merges do not count."""
    command = ["git", "log", f"-{LOOKED_AT}", "--no-merges", "--format=%B%x00"]
    done = subprocess.run(command, cwd=root, capture_output=True, check=False)
    return Style.of([part for part in done.stdout.decode("utf-8", "replace").split("\0") if part.strip()])


def message_of(style: Style, plan: Plan, targets: Sequence[LegacyOrchestrator]) -> list[str]:
    """Return the paragraphs of the message for a step: the subject, and a body where there usually is one."""
    subject = style.subject(
        f"Migrate {_enumerated([f'{target.class_name} as {target.name}' for target in targets])}"
    )
    if len(subject) > LONGEST:
        subject = style.subject(f"Migrate {_enumerated([target.name for target in targets])}")
    if not style.has_body:
        return [subject]
    layers = ", ".join(f"{target.name} in the layer {target.layer}" for target in targets)
    callers = len([change for change in plan.changes if change.names or change.calls])
    lines = [
        f"Registered as {layers}.",
        f"{callers} {'file names it' if callers == 1 else 'files name it'} by its new place."
        if callers
        else "Nobody had to change how it is named.",
    ]
    return [subject, "\n".join(lines)]


def _enumerated(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _most(some: Sequence[object], of: Sequence[object]) -> bool:
    return bool(of) and 2 * len(some) > len(of)
