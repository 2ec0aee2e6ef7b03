import functools


class WrappedOrchestrator:
    def __init__(self):
        self.layer = 3

    @functools.lru_cache
    def run(self):
        return 1


class HookedOrchestrator:
    def __getattribute__(self, name):
        return object.__getattribute__(self, name)

    def run(self):
        return 1


class ParentOrchestrator:
    name = "parent"

    def run(self):
        return 1


class ChildOrchestrator(ParentOrchestrator):
    def walk(self):
        return 1


class CloseOrchestrator:
    def run(self):
        return 1
