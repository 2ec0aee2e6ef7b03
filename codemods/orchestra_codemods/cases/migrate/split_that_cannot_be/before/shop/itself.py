_instance = None


class ItselfOrchestrator:
    def __init__(self):
        global _instance
        _instance = self

    def run(self):
        return 1


def get_itself():
    return _instance
