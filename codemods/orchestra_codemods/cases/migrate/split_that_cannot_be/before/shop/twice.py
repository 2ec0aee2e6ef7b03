LIMIT = 1
LIMIT = LIMIT + 1


class TwiceOrchestrator:
    def run(self):
        return LIMIT


def other():
    return 1
