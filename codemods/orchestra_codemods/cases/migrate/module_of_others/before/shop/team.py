from shop.messages import MessageOrchestrator

print(MessageOrchestrator())
