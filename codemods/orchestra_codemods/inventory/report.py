"""The inventory as the JSON that other programs read (spec/cli.md)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from orchestra_codemods.inventory.model import Caller, Inventory, LegacyOrchestrator, Operation

SCHEMA = "orchestra/scan/1"


def to_json(inventory: Inventory) -> dict[str, Any]:
    """Return the inventory as plain dictionaries, lists, strings and numbers."""
    return {
        "schema": SCHEMA,
        "orchestrators": [_orchestrator(each) for each in inventory.orchestrators],
        "mentions": {
            "total": inventory.mentions.total,
            "by_category": {
                str(category): count for category, count in inventory.mentions.by_category.items()
            },
        },
        "problems": [{"path": path, "why": why} for path, why in inventory.problems],
    }


def _orchestrator(found: LegacyOrchestrator) -> dict[str, Any]:
    return {
        "name": found.name,
        "class": found.class_name,
        "module": found.module,
        "path": found.path,
        "line": found.line,
        "end_line": found.end_line,
        "layer": str(found.layer),
        "type": found.type,
        "pattern": str(found.pattern),
        "confidence": found.confidence,
        "reasons": list(found.reasons),
        "operations": [_operation(each) for each in found.operations],
        "background_tasks": [asdict(each) for each in found.background_tasks],
        "dependencies": [asdict(each) for each in found.dependencies],
        "queues": list(found.queues),
        "interactions": list(found.interactions),
        "accessors": [asdict(each) for each in found.accessors],
        "required_arguments": list(found.required_arguments),
        "callers": [_caller(each) for each in found.callers],
        "refused": asdict(found.refused) if found.refused else None,
    }


def _operation(operation: Operation) -> dict[str, Any]:
    return {
        "name": operation.name,
        "line": operation.line,
        "async": operation.is_async,
        "kind": operation.kind,
        "generator": operation.is_generator,
        "parameters": [asdict(each) for each in operation.parameters],
        "returns": operation.returns,
        "decorators": list(operation.decorators),
    }


def _caller(caller: Caller) -> dict[str, Any]:
    return {
        "path": caller.path,
        "line": caller.line,
        "column": caller.column,
        "form": str(caller.form),
        "name": caller.name,
        "text": caller.text,
        "problem": caller.problem,
        "registered": caller.is_registered,
    }
