"""Settings, read from config/bot.toml beside the sources."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

CONFIG_FILE = Path(__file__).resolve().parents[2] / "config" / "bot.toml"


@dataclass
class Settings:
    name: str = "content-bot"
    default_depth: str = "standard"
    health_interval: float = 60.0
    cache_threshold: float = 0.5
    scoring_weights: dict[str, float] = field(default_factory=dict)
    commands: dict[str, str] = field(default_factory=dict)


def load_settings(path: Path | str | None = None) -> Settings:
    """Read the settings; a missing file means defaults."""
    target = Path(path) if path else CONFIG_FILE
    if not target.exists():
        return Settings()
    raw = tomllib.loads(target.read_text(encoding="utf-8"))
    bot = raw.get("bot", {})
    return Settings(
        name=bot.get("name", "content-bot"),
        default_depth=bot.get("default_depth", "standard"),
        health_interval=float(bot.get("health_interval", 60.0)),
        cache_threshold=float(raw.get("cache", {}).get("threshold", 0.5)),
        scoring_weights=dict(raw.get("scoring", {}).get("weights", {})),
        commands=dict(raw.get("commands", {})),
    )
