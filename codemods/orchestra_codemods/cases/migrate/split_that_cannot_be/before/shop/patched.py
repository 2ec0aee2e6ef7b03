from shop.parts import fetch


class PatchedOrchestrator:
    def run(self):
        return fetch()


def other():
    return fetch()
