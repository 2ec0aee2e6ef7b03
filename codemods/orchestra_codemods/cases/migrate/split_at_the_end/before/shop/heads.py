class HeadOrchestrator:
    def run(self):
        return 1


X = 1


class LastOrchestrator:
    def run(self):
        return 1