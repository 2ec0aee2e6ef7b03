_hub = None


class HubOrchestrator:
    def run(self):
        return 1


def get_hub(auto_create=False):
    global _hub
    if _hub is None and auto_create:
        _hub = HubOrchestrator()
    return _hub


def set_hub(hub):
    global _hub
    _hub = hub
