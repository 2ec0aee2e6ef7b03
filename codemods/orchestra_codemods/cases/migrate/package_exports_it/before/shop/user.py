from shop.flows import FlowOrchestrator

print(FlowOrchestrator)
