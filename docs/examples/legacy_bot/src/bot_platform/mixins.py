"""Mixins."""

import contextlib
import time


class TimingMixin:
    """Measures named blocks. Needs no __init__, the dict is made when it is first used."""

    @contextlib.contextmanager
    def timed(self, name):
        started = time.perf_counter()
        try:
            yield
        finally:
            self.timings.setdefault(name, []).append(time.perf_counter() - started)

    @property
    def timings(self):
        return self.__dict__.setdefault("_timings", {})


class DescribeMixin:
    def describe(self):
        return f"<{type(self).__name__}>"
