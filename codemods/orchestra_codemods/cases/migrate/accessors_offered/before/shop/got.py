class GotOrchestrator:
    def run(self):
        return 1


_got = None


def get_got():
    global _got
    if _got is None:
        _got = GotOrchestrator()
    return _got  # always the same


LAST = 1
