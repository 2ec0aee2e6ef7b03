class AOrchestrator():
    def __init__(self): self.x = 1
    def run(self): return self.x
