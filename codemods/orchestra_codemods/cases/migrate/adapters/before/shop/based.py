class Base:
    def logger(self):
        return "mine"


class BasedOrchestrator(Base):
    def run(self):
        return self.logger()
