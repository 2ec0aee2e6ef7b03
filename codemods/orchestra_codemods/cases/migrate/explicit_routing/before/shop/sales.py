"""Sales."""

import logging


class SalesOrchestrator:
    """Sells."""

    def __init__(self, limit=3):
        self.limit = limit

    def price(self, item, /, amount=1):
        return 3 * amount

    async def sell(self, item, *, context=None):
        return {"sold": item}

    async def follow(self, item):
        yield item

    def _own(self):
        return 1


class OneOrchestrator:
    def run(self, text):
        def inner():
            yield text

        return list(inner())
