"""What the examples depend on: it stands for a router, a client or a manager."""

from __future__ import annotations


class ExampleDependency:
    """A collaborator that is costly to make: it is made when it is first needed."""

    async def answer(self, question: str) -> str:
        """Answer the question."""
        return f"an answer to {question}"


def get_example_dependency() -> ExampleDependency:
    """Return the collaborator, as the project's own accessor would."""
    return ExampleDependency()
