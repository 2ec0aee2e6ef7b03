"""What the orchestrators are made of."""

from dataclasses import dataclass, field


class Router:
    """Routes."""

    limit = 3

    def __init__(self, name="router"):
        self.name = name
        self.seen = []


class Memory:
    def __init__(self):
        self.router = Router()
        self.notes: dict[str, int] = {}


@dataclass
class Scores:
    """Scores by name."""

    values: dict[str, float] = field(default_factory=dict)


_router = None


def get_router():
    global _router
    if _router is None:
        _router = Router()
    return _router


def make_memory():
    """Make a new one."""
    return Memory()
