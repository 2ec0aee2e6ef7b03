NAMES = {}
for LAST in ("a", "b"):
    NAMES[LAST] = 1


class LoopedOrchestrator:
    def run(self):
        return LAST


def other():
    return 1
