from aisle.asked import ShelfOrchestrator


def need():
    return ShelfOrchestrator
