"""The orchestrators that a project registers, read from its source without importing any of it."""
