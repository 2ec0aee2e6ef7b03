"""Agents, found by a string key."""

AGENTS = {}


def register_agent(key):
    def decorate(cls):
        AGENTS[key] = cls
        return cls

    return decorate


def create_agent(key, *args, **kwargs):
    """KeyError for an unknown key."""
    return AGENTS[key](*args, **kwargs)
