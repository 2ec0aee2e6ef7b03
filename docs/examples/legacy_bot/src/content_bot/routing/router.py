"""Which handler takes which kind of content."""

from content_bot.ingest.links import platform_of

DEFAULT_ROUTES = {"video": "transcribe", "podcast": "transcribe", "clip": "transcribe", "article": "analyse"}


class ContentRouter:
    constructed = 0

    def __init__(self, routes=None):
        ContentRouter.constructed += 1
        self.routes = dict(routes or DEFAULT_ROUTES)
        self.weights = {}

    def route(self, url):
        return self.routes[platform_of(url)]

    def adjust(self, target, reward):
        self.weights[target] = round(self.weights.get(target, 0.0) * 0.5 + reward * 0.5, 4)
        return self.weights[target]


_router = None


def get_router():
    global _router
    if _router is None:
        _router = ContentRouter()
    return _router
