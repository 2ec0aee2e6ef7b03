"""Nobody asks for what was imported first: it goes to its place, below the other."""

from aisle.shelf import ShelfOrchestrator
from bins.empty import NOTHING

print(ShelfOrchestrator, NOTHING)
