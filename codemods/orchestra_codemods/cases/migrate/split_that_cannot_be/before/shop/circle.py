from shop.user import used


class CircleOrchestrator:
    def run(self):
        return used()


def other():
    return 1
