"""Storage of content with retries and health. Same class name as content_bot.routing.content."""

from __future__ import annotations

from dataclasses import dataclass

from content_bot.retry import retry


@dataclass
class StoreHealth:
    writes: int = 0
    failures: int = 0

    @property
    def healthy(self) -> bool:
        return self.failures <= self.writes


class ContentOrchestrator:
    """Keeps content in a primary and a backup store; retries, then falls over to the backup."""

    def __init__(self, primary: dict | None = None, backup: dict | None = None) -> None:
        self.primary = {} if primary is None else primary
        self.backup = {} if backup is None else backup
        self.health = StoreHealth()

    async def save(self, key: str, value: str) -> str:
        """Name of the store that took it."""
        try:
            await self._write(self.primary, key, value)
        except ConnectionError:
            self.health.failures += 1
            await self._write(self.backup, key, value)
            return "backup"
        return "primary"

    async def load(self, key: str) -> str:
        for store in (self.primary, self.backup):
            if key in store:
                return store[key]
        raise KeyError(key)

    def health_status(self) -> StoreHealth:
        return self.health

    @retry(attempts=2)
    async def _write(self, store: dict, key: str, value: str) -> None:
        store[key] = value
        self.health.writes += 1
