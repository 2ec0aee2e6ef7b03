COUNT = []


class Plain:
    def __init__(self):
        self.seen = []


class Patched:
    def __init__(self):
        self.seen = []


class Counted:
    def __init__(self):
        COUNT.append(self)


class Needy:
    def __init__(self, what):
        self.what = what


_kept = None


def get_kept():
    global _kept
    if _kept is None:
        _kept = Plain()
    return _kept


def reset_kept():
    global _kept
    _kept = None
