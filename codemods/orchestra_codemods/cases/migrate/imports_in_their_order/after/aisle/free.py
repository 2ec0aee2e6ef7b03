"""Nobody asks for what was imported first: it goes to its place, below the other."""

from bins.empty import NOTHING
from core.orchestration.domain.shelf import ShelfOrchestrator

print(ShelfOrchestrator, NOTHING)
