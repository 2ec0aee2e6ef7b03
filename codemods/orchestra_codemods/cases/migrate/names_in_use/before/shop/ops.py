def operation(function):
    return function


class OpsOrchestrator:
    OrchestrationType = 1

    @operation
    def run(self, operation=None):
        return operation
