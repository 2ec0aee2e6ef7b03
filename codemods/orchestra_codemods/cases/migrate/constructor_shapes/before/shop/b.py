class BOrchestrator:
    def __init__(
        self,
        first=1,
        *,
        second: int = 2,
    ):
        """Only words."""  # and a comment

    def run(self):
        return 1
