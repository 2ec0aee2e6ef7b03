from shop.flows import FlowOrchestrator


def main():
    return FlowOrchestrator()
