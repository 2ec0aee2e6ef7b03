_count = 0


class CountedOrchestrator:
    def run(self):
        return _count


def count():
    global _count
    _count += 1
