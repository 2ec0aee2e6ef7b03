"""Start, stop and restart of components, with health beats."""

import asyncio
import functools

from bot_platform.mixins import DescribeMixin


class LifecycleCoordinator(DescribeMixin):
    """Knows which components live, and beats while they do."""

    def __init__(self, beat_interval=1.0):
        self.beat_interval = beat_interval
        self.components = {}
        self.beats = 0
        self.running = False

    def start(self):
        if not self.running:
            self.running = True
            asyncio.get_event_loop().create_task(self._beat())

    def stop(self):
        """The loop ends by itself, at its next beat."""
        self.running = False

    async def bring_up(self, *names):
        """All components at once."""
        tasks = []
        for name in names:
            tasks.append(asyncio.create_task(self._bring_up_one(name)))
        await asyncio.gather(*tasks)
        return sorted(self.components)

    async def bring_down(self, name):
        """KeyError when it does not live."""
        self.components[name] = "stopping"
        await asyncio.sleep(0)
        del self.components[name]

    def touch(self, name):
        self.components[name] = "up"

    def alive(self, name):
        return self.components.get(name) == "up"

    async def _bring_up_one(self, name):
        self.components[name] = "starting"
        await asyncio.sleep(0)
        self.components[name] = "up"

    async def _beat(self):
        while self.running:
            self.beats += 1
            await asyncio.sleep(self.beat_interval)


_coordinator = None


def get_lifecycle():
    global _coordinator
    if _coordinator is None:
        _coordinator = LifecycleCoordinator()
    return _coordinator


def set_lifecycle(coordinator):
    global _coordinator
    _coordinator = coordinator


def tracked(component):
    """Decorator: the component counts as alive as soon as the function was called."""

    def decorate(func):
        @functools.wraps(func)
        async def wrapper(*args, **kwargs):
            get_lifecycle().touch(component)
            return await func(*args, **kwargs)

        return wrapper

    return decorate
