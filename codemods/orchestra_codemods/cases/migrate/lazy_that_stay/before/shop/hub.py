from shop.parts import Counted, Needy, Patched, Plain, get_kept


class HubOrchestrator:
    def __init__(self, kept=None, size=3):
        from shop.loud import Loud

        try:
            from shop.parts import Plain as Other
        except ImportError:
            Other = None
        self._counted = Counted()
        self._needy = Needy(size)
        self._patched = Patched()
        self._kept = kept or get_kept()
        self._loud = Loud()
        self._other = Other()
        self._reset = Plain()
        self._named = Plain()
        self._pair = [Plain()]

    def reset(self):
        self._reset = None

    def run(self):
        return self._reset


class BaseHubOrchestrator:
    def __init__(self):
        self._plain = Plain()

    def run(self):
        return self._plain


class HeirOrchestrator(BaseHubOrchestrator):
    def run(self):
        return 1
