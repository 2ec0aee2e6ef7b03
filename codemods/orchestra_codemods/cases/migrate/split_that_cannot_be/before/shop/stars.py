from shop.parts import *


class StarsOrchestrator:
    def run(self):
        return store()


def other():
    return 1
