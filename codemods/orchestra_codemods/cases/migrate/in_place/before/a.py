from shop.flows import FlowOrchestrator
