"""A legacy class and one that inherits it: together they are migrated, or neither is."""

BASE = """\
class BaseWorkflowOrchestrator:
    def __init__(self, x):
        self.x = x

    def run(self):
        return self.x
"""


def heir(name: str, module: str) -> str:
    """Return the source of an heir, which finds its base in a module."""
    return f"""\
from {module} import BaseWorkflowOrchestrator


class {name}(BaseWorkflowOrchestrator):
    def __init__(self):
        super().__init__(1)

    def more(self):
        return 2
"""
