from shop.alone import AloneOrchestrator

AloneOrchestrator().run("")
