class NamedOrchestrator:
    def __init__(self, name):
        self.name = name

    def run(self):
        return self.name
