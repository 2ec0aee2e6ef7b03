"""Interfaces that were meant to unify things. Two and a half classes use them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class RunnableOrchestrator(Protocol):
    """Anything with a run() method."""

    async def run(self) -> Any: ...


class AbstractPlatformOrchestrator(ABC):
    """Base for orchestrators of the platform; no behaviour of its own."""

    @abstractmethod
    async def start(self) -> None:
        """Begin to work."""

    @abstractmethod
    async def stop(self) -> None: ...


class PluginMeta(type):
    """Keeps a list of all plugins."""

    plugins: list[type] = []

    def __new__(mcs, name, bases, namespace):
        cls = super().__new__(mcs, name, bases, namespace)
        if bases:
            mcs.plugins.append(cls)
        return cls


class PluginBase(metaclass=PluginMeta):
    """Plugins register themselves by being defined."""


class PluginOrchestrator(PluginBase):
    """Runs all plugins one after another."""

    async def run_plugins(self, text: str) -> list[str]:
        answers = []
        for plugin in PluginMeta.plugins:
            run = getattr(plugin, "on_text", None)
            if run is not None:
                answers.append(run(text))
        return answers


class ExclaimPlugin(PluginBase):
    @staticmethod
    def on_text(text: str) -> str:
        return text + "!"
