"""How a project writes its code, so that what a migration writes into it looks the same."""

from orchestra_codemods.migrations.style.blocks import block_around, spaced
from orchestra_codemods.migrations.style.order import Order
from orchestra_codemods.migrations.style.settings import Style, style_of
from orchestra_codemods.migrations.style.writing import edited, written

__all__ = ["Order", "Style", "block_around", "edited", "spaced", "style_of", "written"]
