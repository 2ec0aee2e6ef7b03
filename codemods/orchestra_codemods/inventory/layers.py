"""Propose layer, type and pattern from evidence in words and structure (guide, Layer Assignment)."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from orchestra_codemods.inventory.members import methods, public_methods
from orchestra_codemods.inventory.model import Layer, Pattern
from orchestra_codemods.inventory.naming import snake_case
from orchestra_codemods.names import every_node

_WORDS: dict[Layer, dict[str, float]] = {
    Layer.INFRASTRUCTURE: dict.fromkeys(
        [
            "health",
            "resilience",
            "resilient",
            "retry",
            "retries",
            "circuit",
            "breaker",
            "deploy",
            "deployment",
            "rollback",
            "telemetry",
            "security",
            "permission",
            "authorize",
            "encryption",
            "audit",
            "lifecycle",
            "startup",
            "shutdown",
            "probe",
            "failover",
            "backup",
            "infrastructure",
            "provision",
            "scaling",
            "autoscaler",
            "resource",
            "snapshot",
            "store",
            "storage",
            "restart",
            "recovery",
            "replica",
            "cluster",
            "watchdog",
            "heartbeat",
            "exporter",
            "bluetooth",
            "connection",
            "driver",
            "device",
            "daemon",
            "updater",
        ],
        1.0,
    ),
    Layer.APPLICATION: dict.fromkeys(
        [
            "feedback",
            "signal",
            "queue",
            "route",
            "routing",
            "router",
            "dispatch",
            "dispatcher",
            "coordinate",
            "coordination",
            "channel",
            "monitoring",
            "monitor",
            "bandit",
            "bandits",
            "hub",
            "component",
            "subsystem",
            "subscribe",
            "publish",
            "alert",
            "notify",
            "event",
            "bus",
            "broker",
            "realtime",
            "inbox",
            "sink",
            "deliver",
            "delivery",
            "mediator",
            "handoff",
            "swarm",
            "group",
            "team",
            "cross",
            "backlog",
            "state",
            "session",
        ],
        1.0,
    ),
    Layer.DOMAIN: dict.fromkeys(
        [
            "workflow",
            "analysis",
            "analyse",
            "analyze",
            "analyzer",
            "autonomous",
            "fallback",
            "enhanced",
            "hierarchical",
            "task",
            "pipeline",
            "ingest",
            "transcript",
            "transcribe",
            "transcription",
            "search",
            "score",
            "scoring",
            "trust",
            "claim",
            "debate",
            "digest",
            "summary",
            "summarise",
            "summarize",
            "research",
            "report",
            "document",
            "content",
            "topic",
            "episode",
            "recommendation",
            "experiment",
            "plan",
            "planner",
            "evaluation",
            "review",
            "strategy",
            "business",
            "order",
            "booking",
            "invoice",
            "fact",
            "verdict",
            "ranking",
            "crew",
            "generation",
            "query",
        ],
        1.0,
    ),
}
_WORDS[Layer.APPLICATION]["coordinator"] = 0.3
_DECISIVE = {  # in the class's own name these settle what the class is about
    "resilience": 2.0,
    "telemetry": 2.0,
    "security": 2.0,
    "deployment": 2.0,
    "lifecycle": 2.0,
    "feedback": 2.0,
    "routing": 2.0,
    "monitoring": 1.5,
    "workflow": 2.0,
    "analysis": 2.0,
}
_TYPES: Mapping[str, tuple[str, ...]] = {
    "parallel": ("parallel", "concurrent"),
    "hierarchical": ("hierarchical", "hierarchy", "tree"),
    "adaptive": ("adaptive", "bandit", "bandits", "autotune"),
    "feedback": ("feedback",),
    "monitoring": ("monitoring", "monitor", "telemetry", "health", "watch", "alert"),
    "lifecycle": ("lifecycle", "deployment", "startup"),
}
_USUAL_TYPE = {
    Layer.DOMAIN: "sequential",
    Layer.APPLICATION: "coordination",
    Layer.INFRASTRUCTURE: "lifecycle",
}
_NAME_WEIGHT = 3.0
_MODULE_WEIGHT = 1.0
_MEMBER_WEIGHT = 0.6
_TEXT_WEIGHT = 0.5
_MOST_OF_ONE_WORD = 3


@dataclass(frozen=True, slots=True)
class Structure:
    """What a class is made of, beside its words."""

    background: int = 0
    queues: int = 0
    collaborators: int = 0
    orchestrators: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """A layer, type and pattern with the reasons for them and how clear the evidence is, from 0 to 1."""

    layer: Layer
    type: str
    pattern: Pattern
    confidence: float
    reasons: tuple[str, ...]


def propose(node: ast.ClassDef, module: str, structure: Structure) -> Proposal:
    """Return the proposal for a class. A background loop alone decides nothing."""
    evidence: dict[Layer, dict[str, float]] = {layer: defaultdict(float) for layer in Layer}
    for source, words, weight in _sources(node, module):
        for word, times in Counter(words).items():
            for layer, known in _WORDS.items():
                if word in known:
                    strength = known[word] * weight * min(times, _MOST_OF_ONE_WORD)
                    strength *= _DECISIVE.get(word, 1.0) if source == "name" else 1.0
                    evidence[layer][f"`{word}` in its {source}"] += strength
    _add_structure(evidence, structure)
    scores = {layer: sum(found.values()) for layer, found in evidence.items()}
    layer = max(Layer, key=lambda each: (scores[each], each is Layer.DOMAIN))
    kind = _type(node, layer, structure)
    return Proposal(
        layer, kind, _pattern(layer, structure), _confidence(scores, layer), _reasons(evidence, layer)
    )


def _sources(node: ast.ClassDef, module: str) -> Iterable[tuple[str, list[str], float]]:
    yield "name", _words_of(node.name), _NAME_WEIGHT
    yield "module", _words_of("_".join(module.split(".")[1:][-2:])), _MODULE_WEIGHT
    yield (
        "public methods",
        [word for each in public_methods(node) for word in _words_of(each.name)],
        _MEMBER_WEIGHT * 1.5,
    )
    private = [each.name for each in methods(node) if each.name.startswith("_")]
    yield "private methods", [word for name in private for word in _words_of(name)], _MEMBER_WEIGHT
    yield "attributes", [word for name in _attributes(node) for word in _words_of(name)], _MEMBER_WEIGHT
    documents = [
        ast.get_docstring(node) or "",
        *(ast.get_docstring(each) or "" for each in public_methods(node)),
    ]
    yield "docstrings", [word for text in documents for word in _plain_words(text)], _TEXT_WEIGHT


def _add_structure(evidence: dict[Layer, dict[str, float]], structure: Structure) -> None:
    application = evidence[Layer.APPLICATION]
    if structure.queues:
        application[_count(structure.queues, "queue")] += 2 + min(structure.queues, 2)
    if structure.collaborators >= 3:
        application[_count(structure.collaborators, "collaborator")] += min(structure.collaborators, 6) - 1
    if structure.orchestrators >= 2:
        application[f"uses {_count(structure.orchestrators, 'other orchestrator')}"] += 2


def _type(node: ast.ClassDef, layer: Layer, structure: Structure) -> str:
    words = _words_of(node.name)
    for kind, signs in _TYPES.items():
        if set(signs).intersection(words):
            return kind
    if layer is Layer.DOMAIN and structure.orchestrators >= 2:
        return "hierarchical"
    has_lifecycle = structure.background or {"start", "stop", "shutdown"}.intersection(
        each.name for each in public_methods(node)
    )
    if layer is Layer.INFRASTRUCTURE and not has_lifecycle:
        return "sequential"
    return _USUAL_TYPE[layer]


def _pattern(layer: Layer, structure: Structure) -> Pattern:
    is_hub = structure.collaborators >= 3 or structure.queues >= (2 if structure.background else 1)
    if layer is Layer.APPLICATION or is_hub:
        return Pattern.APPLICATION
    return Pattern.INFRASTRUCTURE if structure.background else Pattern.DOMAIN


def _confidence(scores: Mapping[Layer, float], layer: Layer) -> float:
    total = sum(scores.values())
    if not total:
        return 0.3
    share = scores[layer] / total
    weight = min(scores[layer] / 6, 1.0)
    return round(0.3 + 0.7 * share * weight, 2)


def _reasons(evidence: Mapping[Layer, Mapping[str, float]], layer: Layer) -> tuple[str, ...]:
    own = [f"{layer.value}: {reason}" for reason, _ in _strongest(evidence[layer], 4)]
    if not own:
        own = ["domain: nothing points to another layer"]
    against = [
        f"but {other.value}: {reason}"
        for other in Layer
        if other is not layer
        for reason, _ in _strongest(evidence[other], 1)
    ]
    return (*own, *against)


def _strongest(found: Mapping[str, float], most: int) -> list[tuple[str, float]]:
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:most]


def _words_of(identifier: str) -> list[str]:
    return [_singular(word) for part in identifier.split("_") for word in snake_case(part).split("_") if word]


def _plain_words(text: str) -> list[str]:
    return [_singular(word.lower()) for word in re.findall(r"[A-Za-z]+", text)]


def _singular(word: str) -> str:
    if word in ("analysis", "status", "process", "retries", "bandits"):
        return word
    return word[:-1] if word.endswith("s") and len(word) > 3 and not word.endswith("ss") else word


def _attributes(node: ast.ClassDef) -> Iterable[str]:
    seen: dict[str, None] = {}
    for each in every_node(node):
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store) and _is_self(each.value):
            seen[each.attr] = None
    return seen


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"
