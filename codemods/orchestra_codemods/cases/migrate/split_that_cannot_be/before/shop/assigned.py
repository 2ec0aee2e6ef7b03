from shop.parts import fetch


class AssignedOrchestrator:
    def run(self):
        return fetch()


def other():
    return 1
