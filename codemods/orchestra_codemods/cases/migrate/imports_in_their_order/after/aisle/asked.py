"""What is imported second asks for what was imported first."""

from core.orchestration.domain.shelf import ShelfOrchestrator
from bins.needy import need

print(ShelfOrchestrator, need)
