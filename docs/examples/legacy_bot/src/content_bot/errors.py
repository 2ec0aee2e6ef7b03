"""Exceptions of the bot."""


class BotError(Exception):
    """Base of everything we raise on purpose."""


class FetchError(BotError):
    def __init__(self, url, reason="unreachable"):
        super().__init__(f"cannot fetch {url}: {reason}")
        self.url = url
        self.reason = reason


class NotReady(BotError):
    """Raised by orchestrators which were asked for something before start()."""


class CircuitOpen(BotError):
    def __init__(self, service):
        super().__init__(f"circuit for {service} is open")
        self.service = service


class AccessDenied(BotError):
    pass


class UnknownChannel(BotError, KeyError):
    def __str__(self):
        return Exception.__str__(self)
