def helper(): return 1
LIMIT = 1; OTHER = 2


class OneLineOrchestrator:
    def run(self):
        return LIMIT


def other():
    return OTHER
