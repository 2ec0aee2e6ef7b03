class TypedOrchestrator:
    def run(self):
        return 1


def other():
    return 1
