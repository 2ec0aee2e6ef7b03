class COrchestrator:
    def __init__(self) -> None:
        """Words first."""

        # then this
        super().__init__()
        self.x = 1

    def run(self): return 1
