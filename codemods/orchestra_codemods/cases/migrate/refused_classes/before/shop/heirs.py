class ParentOrchestrator:
    def run(self):
        return 1


class Heir(ParentOrchestrator):
    name = "heir"
