from typing import Any


class ParentOrchestrator:
    def __init__(self) -> None:
        self.seen: list[Any] = []

    async def first(self, value: int) -> int:
        return value


class ChildOrchestrator(ParentOrchestrator):
    def __init__(self) -> None:
        super().__init__()
        self.more = 1

    async def second(self, value: int) -> int:
        return value + self.more
