from shop.flow import FlowOrchestrator
from shop.store import stored

print(stored(FlowOrchestrator()))
