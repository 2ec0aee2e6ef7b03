import copy

from shop.parts import Plain


class CopiedOrchestrator:
    def __init__(self):
        self._plain = Plain()

    def copy_of(self):
        return copy.copy(self)
