from shop.mixins import Timing


class AOrchestrator(  # one base
    Timing,  # measures
):  # really
    def run(self):
        return self.timed()
