from shop.tools import X


class FlowOrchestrator:
    def run(self):
        return X
