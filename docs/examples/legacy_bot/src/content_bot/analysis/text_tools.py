"""Cheap text analysis which needs no model."""

import re
from collections import Counter

WORD = re.compile(r"[a-z][a-z'-]+")
STOP_WORDS = frozenset(
    "the a an and or of on in is are be to for that it this we was were by with about".split()
)
GOOD = frozenset("great good love wonderful happy success thanks quiet".split())
BAD = frozenset("terrible awful mistake outages critics broken sad".split())


def words(text):
    return WORD.findall(text.lower())


def split_sentences(text):
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+", text) if part.strip()]


def keywords(text, limit=5):
    counts = Counter(word for word in words(text) if word not in STOP_WORDS)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [word for word, _ in ranked[:limit]]


def sentiment_score(text):
    """From -1 to 1; 0 for an empty text."""
    found = words(text)
    good = sum(word in GOOD for word in found)
    bad = sum(word in BAD for word in found)
    return (good - bad) / (good + bad) if good + bad else 0.0


def readability(text):
    """Average words per sentence, rounded. Higher is harder."""
    sentences = split_sentences(text)
    return round(len(words(text)) / len(sentences), 1) if sentences else 0.0
