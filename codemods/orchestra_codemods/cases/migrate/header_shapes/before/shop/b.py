from typing import Generic, TypeVar

T = TypeVar("T")


class BOrchestrator ( Generic[T] ) :
    def run(self, value: T) -> T:
        return value
