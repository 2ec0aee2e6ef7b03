_count = 0


class CountingOrchestrator:
    def run(self):
        global _count
        _count += 1


def counted():
    return _count
