class OtherOrchestrator:
    def run(self):
        return self.__dict__.get("x")
