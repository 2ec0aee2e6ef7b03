from shop.flows import FlowOrchestrator
def (:
