import shop.flows

print(shop, shop.flows.FlowOrchestrator)
