import os


def other():
    return os.sep


class EndOrchestrator:
    def run(self):
        return _one()


def _one():
    return 1


