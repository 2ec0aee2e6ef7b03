from pathlib import Path

HERE = Path(__file__).parent


class ReaderOrchestrator:
    def read(self):
        return HERE
