import shop.flows
import shop.other

print(shop.flows.FlowOrchestrator, shop.other.X)
