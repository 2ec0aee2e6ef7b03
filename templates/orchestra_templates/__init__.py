"""Real, typed, tested orchestrators that scaffolding renders by renaming tokens."""
