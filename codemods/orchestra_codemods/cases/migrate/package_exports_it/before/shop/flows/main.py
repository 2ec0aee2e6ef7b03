from shop.flows.tools import tool

LIMIT = 3


class FlowOrchestrator:
    def run(self):
        return tool()
