from pathlib import Path


class PlacedOrchestrator:
    def run(self):
        return Path(__file__).name


def other():
    return 1
