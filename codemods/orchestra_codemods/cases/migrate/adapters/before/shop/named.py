class NamedOrchestrator:
    """It has a name and a cleanup of its own, which are others than the guide's."""

    def __init__(self, name="plain"):
        self.name = name

    async def orchestrate(self, request, *, times=1):
        return [request] * times

    def cleanup(self, days):
        return f"{self.name} keeps {days}"

    def greet(self, who: str) -> str:
        return f"{self.name} greets {who}"


_named = None


def get_named():
    global _named
    if _named is None:
        _named = NamedOrchestrator("shared")
    return _named
