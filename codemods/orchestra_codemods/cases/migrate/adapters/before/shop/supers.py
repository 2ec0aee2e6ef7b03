class Base:
    def __init__(self, x):
        self.x = x


class SupersOrchestrator(Base):
    def __init__(self):
        super().__init__(1)

    def run(self):
        return self.x
