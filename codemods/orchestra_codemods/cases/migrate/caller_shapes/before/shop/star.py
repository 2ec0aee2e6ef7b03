from shop.flows import *

print(FlowOrchestrator, LIMIT)
