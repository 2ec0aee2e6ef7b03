"""The legacy orchestrators of a project, their parts, their callers, and what would be refused."""

from orchestra_codemods.inventory.model import Inventory, LegacyOrchestrator
from orchestra_codemods.inventory.report import to_json
from orchestra_codemods.inventory.take import take

__all__ = ["Inventory", "LegacyOrchestrator", "take", "to_json"]
