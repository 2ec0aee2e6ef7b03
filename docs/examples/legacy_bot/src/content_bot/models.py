"""Plain data that travels through the bot."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Severity(Enum):
    INFO = 1
    WARNING = 2
    CRITICAL = 3


class Outcome(str, Enum):
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Document:
    url: str
    title: str
    text: str
    source: str = "web"
    language: str = "en"


@dataclass
class Segment:
    start: float
    end: float
    text: str


@dataclass
class Transcript:
    url: str
    segments: list[Segment] = field(default_factory=list)
    engine: str = "plain"

    @property
    def text(self) -> str:
        return " ".join(segment.text for segment in self.segments)

    @property
    def duration(self) -> float:
        return self.segments[-1].end if self.segments else 0.0


@dataclass
class Signal:
    component: str
    reward: float
    note: str = ""
