from shop.windows import WindowsOrchestrator
