import os

LIMIT = 3


def helper():
    return LIMIT


class FlowOrchestrator:
    def run(self):
        return helper()
