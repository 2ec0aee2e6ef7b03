class AttributesOrchestrator:
    def run(self):
        return 1

    def __setattr__(self, name, value):
        raise AttributeError(name)
