from shop.reader import ReaderOrchestrator

print(ReaderOrchestrator)
