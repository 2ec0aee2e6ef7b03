"""The file that stays at the old path and hands everything on."""

from __future__ import annotations

from orchestra_codemods.deprecations import shim
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.names import Importers, ModuleFacts


def shim_text(placement: Placement, facts: ModuleFacts, importers: Importers, remove_on: str) -> str:
    """Return the text of the old module, with ``\\n`` endings."""
    return shim.shim_text(placement.module, placement.new_module, facts, importers, remove_on)
